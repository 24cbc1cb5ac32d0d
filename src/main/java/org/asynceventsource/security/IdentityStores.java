package org.asynceventsource.security;

import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.CredentialValidationResult.Status;
import jakarta.security.enterprise.identitystore.IdentityStore;
import jakarta.security.enterprise.identitystore.IdentityStore.ValidationType;
import jakarta.security.enterprise.identitystore.IdentityStoreHandler;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Identity stores, ours or foreign, asked one after the other as Jakarta Security specifies it for
 * an {@link IdentityStoreHandler}: by priority, the first that validates decides, then those that
 * only provide groups add theirs. Immutable; any thread, as far as the stores allow.
 *
 * <p>A store that is away, which it says by an {@link IdentitiesUnavailableException}, doesn't shut
 * out those whom another one knows.
 *
 * <p>A password for a user whom two stores know is verified twice, which takes longer than for
 * others and so tells an attacker that there is such a user: keep each user in one.
 */
public final class IdentityStores implements IdentityStoreHandler {

  private final List<IdentityStore> validating;
  private final List<IdentityStore> providingGroupsOnly;

  private IdentityStores(Collection<? extends IdentityStore> stores) {
    List<IdentityStore> ordered =
        stores.stream()
            .map(IdentityStore.class::cast)
            .sorted(Comparator.comparingInt(IdentityStore::priority))
            .toList();
    this.validating = ordered.stream().filter(store -> is(store, ValidationType.VALIDATE)).toList();
    this.providingGroupsOnly =
        ordered.stream()
            .filter(store -> !is(store, ValidationType.VALIDATE))
            .filter(store -> is(store, ValidationType.PROVIDE_GROUPS))
            .toList();
  }

  /**
   * A chain of identity stores.
   *
   * @param stores the stores; those of equal priority are asked in this order
   * @return the chain
   */
  public static IdentityStores of(Collection<? extends IdentityStore> stores) {
    return new IdentityStores(stores);
  }

  /**
   * A chain of identity stores.
   *
   * @param stores the stores; those of equal priority are asked in this order
   * @return the chain
   */
  public static IdentityStores of(IdentityStore... stores) {
    return new IdentityStores(List.of(stores));
  }

  /**
   * Asks the stores.
   *
   * @param credential the caller's proof
   * @return valid with all groups; invalid if at least one store found it so; else not validated
   * @throws IdentitiesUnavailableException if no store found it valid, but one is away that might
   */
  @Override
  public CredentialValidationResult validate(Credential credential) {
    CredentialValidationResult answer = CredentialValidationResult.NOT_VALIDATED_RESULT;
    IdentitiesUnavailableException away = null;
    for (IdentityStore store : validating) {
      try {
        CredentialValidationResult result = ask(store, credential);
        if (result.getStatus() == Status.VALID) {
          return withGroups(store, result);
        }
        if (result.getStatus() == Status.INVALID) {
          answer = result;
        }
      } catch (IdentitiesUnavailableException e) {
        away = e;
      }
    }
    if (away != null) {
      throw away;
    }
    return answer;
  }

  /**
   * Asks a store. The method that Jakarta Security gives every store looks for one that takes
   * exactly the credential's type, and stores of others know none of ours, so they are asked again
   * with the type that theirs was written for.
   */
  private static CredentialValidationResult ask(IdentityStore store, Credential credential) {
    CredentialValidationResult result = answer(store, credential);
    return result.getStatus() == Status.NOT_VALIDATED && credential instanceof BasicCredential basic
        ? answer(
            store, new UsernamePasswordCredential(basic.getCaller(), basic.getPasswordAsString()))
        : result;
  }

  private static CredentialValidationResult answer(IdentityStore store, Credential credential) {
    return Objects.requireNonNull(store.validate(credential), "result of an identity store");
  }

  private CredentialValidationResult withGroups(
      IdentityStore store, CredentialValidationResult result) {
    Set<String> groups = new HashSet<>();
    if (is(store, ValidationType.PROVIDE_GROUPS)) {
      groups.addAll(result.getCallerGroups());
    }
    for (IdentityStore provider : providingGroupsOnly) {
      groups.addAll(provider.getCallerGroups(result));
    }
    return new CredentialValidationResult(
        result.getIdentityStoreId(),
        result.getCallerPrincipal(),
        result.getCallerDn(),
        result.getCallerUniqueId(),
        groups);
  }

  private static boolean is(IdentityStore store, ValidationType type) {
    return store.validationTypes().contains(type);
  }
}
