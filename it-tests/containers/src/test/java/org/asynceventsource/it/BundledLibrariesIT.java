package org.asynceventsource.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ArquillianExtension.class)
@DisplayName("What the WAR carries works beside what the container has")
class BundledLibrariesIT {

  @Deployment
  static WebArchive war() {
    return EventSourceWar.unchanged();
  }

  @Test
  @DisplayName("JSON-B writes and reads")
  void json() {
    Jsonb jsonb = JsonbBuilder.create();

    assertEquals("{\"id\":[1,2]}", jsonb.toJson(Map.of("id", List.of(1, 2))));
    assertEquals(Map.of("id", "ä"), jsonb.fromJson("{\"id\":\"ä\"}", Map.class));
  }

  @Test
  @DisplayName("signed tokens are verified")
  void tokens() throws JOSEException, ParseException {
    RSAKey key = new RSAKeyGenerator(2048).generate();
    JWTClaimsSet claims = new JWTClaimsSet.Builder().subject("ä").build();
    SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.RS256), claims);
    token.sign(new RSASSASigner(key));

    SignedJWT read = SignedJWT.parse(token.serialize());
    assertTrue(read.verify(new RSASSAVerifier(key.toRSAPublicKey())));
    assertEquals("ä", read.getJWTClaimsSet().getSubject());
  }

  @Test
  @DisplayName("MicroProfile Config reads system properties")
  void config() {
    Config config = ConfigProvider.getConfig();

    assertEquals(System.getProperty("java.vm.name"), config.getValue("java.vm.name", String.class));
    assertTrue(config.getOptionalValue("no.such.setting", String.class).isEmpty());
  }
}
