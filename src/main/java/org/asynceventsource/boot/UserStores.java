package org.asynceventsource.boot;

import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import jakarta.security.enterprise.identitystore.IdentityStoreHandler;
import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.security.Identities;
import org.asynceventsource.security.IdentitiesUnavailableException;
import org.asynceventsource.security.IdentityStores;
import org.jspecify.annotations.Nullable;

/**
 * The identity stores that the settings name, and the application's beans if they say so. Logins
 * are made before there are beans, so until the application has started nobody is let in.
 *
 * <p>The beans are taken once: what is not of a wider scope is then the login's own. Safe for use
 * by several threads.
 */
final class UserStores implements IdentityStoreHandler {

  private final Identities identities;
  private volatile @Nullable IdentityStores all;

  UserStores(Identities identities) {
    this.identities = identities;
    this.all = identities.beans() ? null : IdentityStores.of(identities.stores());
  }

  /**
   * The application has started.
   *
   * @param cdi has its beans; null if there is no CDI
   * @throws ConfigurationException if there should be beans but are none
   */
  void started(@Nullable Cdi cdi) {
    if (!identities.beans()) {
      return;
    }
    List<IdentityStore> beans = cdi == null ? List.of() : cdi.all(IdentityStore.class);
    if (beans.isEmpty()) {
      throw new ConfigurationException(
          List.of(
              "setting 'eventsource.users' says 'beans:', but %s; add a bean that implements jakarta.security.enterprise.identitystore.IdentityStore, @ApplicationScoped, or remove the entry"
                  .formatted(cdi == null ? "there is no CDI" : "no bean is an identity store")));
    }
    List<IdentityStore> stores = new ArrayList<>(identities.stores());
    stores.addAll(beans);
    all = IdentityStores.of(stores);
  }

  @Override
  public CredentialValidationResult validate(Credential credential) {
    IdentityStores stores = all;
    if (stores == null) {
      throw new IdentitiesUnavailableException("the application is starting");
    }
    return stores.validate(credential);
  }
}
