package org.asynceventsource.security;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request that knows its caller, whatever the container thinks; everything else is the
 * original's. For one request, and one thread at a time.
 */
final class AuthenticatedRequest extends HttpServletRequestWrapper {

  /** Servlet 6.0 §13.3: the role of everybody who has logged in, and the one that nobody has. */
  private static final String ANY_CALLER = "**";

  private static final String NOBODY = "*";

  private final Set<String> groups;
  private final @Nullable String authType;
  private @Nullable Principal caller; // null once logged out: then the container decides

  AuthenticatedRequest(
      HttpServletRequest request, Principal caller, Set<String> groups, @Nullable String authType) {
    super(request);
    this.caller = caller;
    this.groups = groups;
    this.authType = authType;
  }

  @Override
  public @Nullable Principal getUserPrincipal() {
    return caller == null ? super.getUserPrincipal() : caller;
  }

  @Override
  public @Nullable String getRemoteUser() {
    return caller == null ? super.getRemoteUser() : caller.getName();
  }

  @Override
  public boolean isUserInRole(String role) {
    if (caller == null) {
      return super.isUserInRole(role);
    }
    return role.equals(ANY_CALLER) || (groups.contains(role) && !role.equals(NOBODY));
  }

  @Override
  public @Nullable String getAuthType() {
    return caller == null ? super.getAuthType() : authType;
  }

  /** Asks nobody: the caller is known, unless they have logged out. */
  @Override
  public boolean authenticate(HttpServletResponse response) throws IOException, ServletException {
    return caller != null || super.authenticate(response);
  }

  @Override
  public void login(String username, String password) throws ServletException {
    if (caller != null) {
      throw new ServletException("the caller has logged in already; log out first");
    }
    super.login(username, password);
  }

  /**
   * Ends the login, so that a browser has to ask for the password again, and the user's streams;
   * forgets the caller for the rest of this request, and lets the container forget its own.
   */
  @Override
  public void logout() throws ServletException {
    if (caller != null) {
      LogOutListeners.of(getServletContext()).loggedOut(Optional.of(caller.getName()));
    }
    caller = null;
    super.logout();
  }
}
