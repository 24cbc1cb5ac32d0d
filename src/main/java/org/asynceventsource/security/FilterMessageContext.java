package org.asynceventsource.security;

import jakarta.security.auth.message.MessageInfo;
import jakarta.security.auth.message.callback.CallerPrincipalCallback;
import jakarta.security.auth.message.callback.GroupPrincipalCallback;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.CallerPrincipal;
import jakarta.security.enterprise.authentication.mechanism.http.AuthenticationParameters;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.Principal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.UnsupportedCallbackException;
import org.asynceventsource.EventSourceException;
import org.jspecify.annotations.Nullable;

/**
 * What a mechanism works on when a servlet filter drives it and not the container. For one request
 * and its thread.
 *
 * <p>Every request is authenticated on its own: no session is made, so none can be registered.
 */
final class FilterMessageContext implements HttpMessageContext, MessageInfo {

  /** Jakarta Authentication 3.0 §3.7.1.3: where a mechanism says what getAuthType answers. */
  static final String AUTH_TYPE = "jakarta.servlet.http.authType";

  static final String LOGIN_REQUIRED =
      "login required: this needs the name and the password of a user";

  private final boolean guarded;
  private final String failureMessage;
  private final Map<String, Object> properties = new HashMap<>();
  private final Subject subject = new Subject();
  private HttpServletRequest request;
  private HttpServletResponse response;
  private @Nullable Principal caller;
  private Set<String> groups = Set.of();

  FilterMessageContext(
      HttpServletRequest request,
      HttpServletResponse response,
      boolean guarded,
      String failureMessage) {
    this.request = request;
    this.response = response;
    this.guarded = guarded;
    this.failureMessage = failureMessage;
  }

  /** Who has logged in, as the mechanism said it. */
  @Nullable Principal caller() {
    return caller;
  }

  /** The authentication scheme as the mechanism said it, such as {@code DIGEST}. */
  @Nullable String authType() {
    return properties.get(AUTH_TYPE) instanceof String type ? type : null;
  }

  @Override
  public boolean isProtected() {
    return guarded;
  }

  @Override
  public boolean isAuthenticationRequest() {
    return false;
  }

  @Override
  public boolean isRegisterSession() {
    return false;
  }

  @Override
  public void setRegisterSession(String callerName, Set<String> groups) {
    // A wish that may go unheard: the next request is authenticated again.
  }

  @Override
  public void cleanClientSubject() {
    caller = null;
    groups = Set.of();
  }

  @Override
  public AuthenticationParameters getAuthParameters() {
    return new AuthenticationParameters();
  }

  @Override
  public CallbackHandler getHandler() {
    return this::handle;
  }

  private void handle(Callback[] callbacks) throws UnsupportedCallbackException {
    for (Callback callback : callbacks) {
      if (callback instanceof CallerPrincipalCallback named) {
        login(
            named.getPrincipal() == null ? principal(named.getName()) : named.getPrincipal(),
            groups);
      } else if (callback instanceof GroupPrincipalCallback grouped) {
        String[] names = grouped.getGroups();
        groups = names == null ? Set.of() : Set.copyOf(Arrays.asList(names));
      } else {
        throw new UnsupportedCallbackException(callback);
      }
    }
  }

  @Override
  public MessageInfo getMessageInfo() {
    return this;
  }

  @Override
  public Map<String, Object> getMap() {
    return properties;
  }

  @Override
  public Object getRequestMessage() {
    return request;
  }

  @Override
  public Object getResponseMessage() {
    return response;
  }

  @Override
  public void setRequestMessage(Object request) {
    setRequest((HttpServletRequest) request);
  }

  @Override
  public void setResponseMessage(Object response) {
    setResponse((HttpServletResponse) response);
  }

  @Override
  public Subject getClientSubject() {
    return subject;
  }

  @Override
  public HttpServletRequest getRequest() {
    return request;
  }

  @Override
  public void setRequest(HttpServletRequest request) {
    this.request = request;
  }

  @Override
  public HttpMessageContext withRequest(HttpServletRequest request) {
    setRequest(request);
    return this;
  }

  @Override
  public HttpServletResponse getResponse() {
    return response;
  }

  @Override
  public void setResponse(HttpServletResponse response) {
    this.response = response;
  }

  @Override
  public AuthenticationStatus redirect(String location) {
    try {
      response.sendRedirect(location);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return AuthenticationStatus.SEND_CONTINUE;
  }

  @Override
  public AuthenticationStatus forward(String path) {
    try {
      request.getRequestDispatcher(path).forward(request, response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ServletException e) {
      throw new EventSourceException("the page '%s' to log in with failed".formatted(path), e);
    }
    return AuthenticationStatus.SEND_CONTINUE;
  }

  @Override
  public AuthenticationStatus responseUnauthorized() {
    PlainAnswer.send(response, HttpServletResponse.SC_UNAUTHORIZED, failureMessage);
    return AuthenticationStatus.SEND_FAILURE;
  }

  @Override
  public AuthenticationStatus responseNotFound() {
    PlainAnswer.send(response, HttpServletResponse.SC_NOT_FOUND, "not found");
    return AuthenticationStatus.SEND_FAILURE;
  }

  @Override
  public AuthenticationStatus notifyContainerAboutLogin(String name, Set<String> groups) {
    return login(principal(name), groups);
  }

  @Override
  public AuthenticationStatus notifyContainerAboutLogin(Principal principal, Set<String> groups) {
    return login(principal, groups);
  }

  @Override
  public AuthenticationStatus notifyContainerAboutLogin(CredentialValidationResult result) {
    return result.getStatus() == CredentialValidationResult.Status.VALID
        ? login(result.getCallerPrincipal(), result.getCallerGroups())
        : AuthenticationStatus.SEND_FAILURE;
  }

  @Override
  public AuthenticationStatus doNothing() {
    cleanClientSubject();
    return AuthenticationStatus.NOT_DONE;
  }

  @Override
  public @Nullable Principal getCallerPrincipal() {
    return caller;
  }

  @Override
  public Set<String> getGroups() {
    return groups;
  }

  private AuthenticationStatus login(@Nullable Principal principal, @Nullable Set<String> groups) {
    this.caller = principal;
    this.groups = groups == null ? Set.of() : Set.copyOf(groups);
    return AuthenticationStatus.SUCCESS;
  }

  private static @Nullable Principal principal(@Nullable String name) {
    return name == null ? null : new CallerPrincipal(name);
  }
}
