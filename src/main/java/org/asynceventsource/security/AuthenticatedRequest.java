package org.asynceventsource.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request that knows its caller, whatever the container thinks; everything else is the
 * original's.
 */
final class AuthenticatedRequest extends HttpServletRequestWrapper {

  private final Principal caller;
  private final Set<String> groups;
  private final @Nullable String authType;

  AuthenticatedRequest(
      HttpServletRequest request, Principal caller, Set<String> groups, @Nullable String authType) {
    super(request);
    this.caller = caller;
    this.groups = groups;
    this.authType = authType;
  }

  @Override
  public Principal getUserPrincipal() {
    return caller;
  }

  @Override
  public String getRemoteUser() {
    return caller.getName();
  }

  @Override
  public boolean isUserInRole(String role) {
    return groups.contains(role);
  }

  @Override
  public @Nullable String getAuthType() {
    return authType;
  }
}
