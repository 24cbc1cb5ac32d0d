package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.test.DigestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;

/** With the example of RFC 7616 §3.9.1; {@link DigestVectorsTest} has them all. */
class DigestCredentialTest {

  private static final String SHA_256_HEADER =
      """
      Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", \
      algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, \
      cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, \
      \
      response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", \
      opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"""";

  @Test
  void another_password_is_not_verified() {
    DigestCredential credential = credential("GET", SHA_256_HEADER, DigestAlgorithm.SHA_256);
    assertThat(credential.verify(hash("Circle of Lies", DigestAlgorithm.SHA_256))).isFalse();
    assertThat(credential.evaluated()).isTrue();
    assertThat(credential.verified()).isFalse();
  }

  @Test
  void the_method_is_part_of_the_digest() {
    DigestCredential credential = credential("POST", SHA_256_HEADER, DigestAlgorithm.SHA_256);
    assertThat(credential.verify(hash("Circle of Life", DigestAlgorithm.SHA_256))).isFalse();
  }

  @Test
  void a_stored_hash_may_be_in_upper_case_and_so_may_the_response() {
    String shouted =
        SHA_256_HEADER.replace(
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
            "753927FA0E85D155564E2E272A28D1802CA10DAF4496794697CF8DB5856CB6C1");
    DigestCredential credential = credential("GET", shouted, DigestAlgorithm.SHA_256);
    String hash = hash("Circle of Life", DigestAlgorithm.SHA_256);
    assertThat(credential.verify(hash.toUpperCase(java.util.Locale.ROOT))).isTrue();
  }

  @Test
  void a_store_learns_whose_hash_is_wanted() {
    DigestCredential credential = credential("GET", SHA_256_HEADER, DigestAlgorithm.SHA_256);
    assertThat(credential.callerName()).isEqualTo("Mufasa");
    assertThat(credential.realm()).isEqualTo("http-auth@example.org");
    assertThat(credential.algorithm()).isEqualTo(DigestAlgorithm.SHA_256);
  }

  /** Attack: whoever reads logs collects what people typed into the wrong field. */
  @Test
  void descriptions_show_no_credential() {
    DigestCredential credential = credential("GET", SHA_256_HEADER, DigestAlgorithm.SHA_256);
    Map<String, String> parameters = AuthorizationHeader.of(SHA_256_HEADER).parameters();
    DigestResponse response =
        DigestResponse.of(
            parameters, OfferedAlgorithm.of(DigestAlgorithm.SHA_256), DigestOptions.of("r"));
    assertThat(credential + " " + response)
        .isEqualTo(
            "DigestCredential[realm=http-auth@example.org, algorithm=SHA-256] DigestResponse");
  }

  /** Attack: a variable that wasn't set has become the password "null". */
  @ParameterizedTest
  @NullAndEmptySource
  void no_hash_is_made_without_a_password(String password) {
    assertThatThrownBy(
            () -> DigestHash.generateHash("admin", "r", password, DigestAlgorithm.SHA_256))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the password is " + (password == null ? "null" : "empty"));
    assertThatThrownBy(
            () ->
                DigestIdentity.withPassword(
                    "admin", "r", password, List.of(DigestAlgorithm.SHA_256)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("the password is " + (password == null ? "null" : "empty"));
  }

  /** RFC 8265 §4.2: what looks the same is the same, whichever way a file has it. */
  @Test
  void a_password_is_hashed_in_its_composed_form() {
    String composed = "p\u00e4ss";
    String decomposed = "pa\u0308ss";
    assertThat(DigestHash.generateHash("a", "r", decomposed, DigestAlgorithm.SHA_256))
        .isEqualTo(DigestHash.generateHash("a", "r", composed, DigestAlgorithm.SHA_256));
    List<DigestAlgorithm> md5 = List.of(DigestAlgorithm.MD5);
    assertThat(DigestIdentity.withPassword("a", "r", decomposed, md5).hash(DigestAlgorithm.MD5))
        .isEqualTo(DigestIdentity.withPassword("a", "r", composed, md5).hash(DigestAlgorithm.MD5));
  }

  /** Attack: the stored hash is used as the password, as some servers let it. */
  @Test
  void the_hash_is_not_the_password() {
    DigestClient thief =
        DigestClient.of(
            "admin",
            DigestHash.generateHash("admin", "realm", "secret", DigestAlgorithm.SHA_256),
            "Digest realm=\"realm\", nonce=\"n\", algorithm=SHA-256");
    DigestCredential credential =
        credential("GET", thief.answer("GET", "/"), DigestAlgorithm.SHA_256);
    assertThat(
            credential.verify(
                DigestHash.generateHash("admin", "realm", "secret", DigestAlgorithm.SHA_256)))
        .isFalse();
  }

  private static DigestCredential credential(
      String method, String header, DigestAlgorithm algorithm) {
    Map<String, String> parameters = AuthorizationHeader.of(header).parameters();
    return new DigestCredential(
        DigestResponse.of(parameters, OfferedAlgorithm.of(algorithm), DigestOptions.of("r")),
        method);
  }

  private static String hash(String password, DigestAlgorithm algorithm) {
    return DigestHash.generateHash("Mufasa", "http-auth@example.org", password, algorithm);
  }
}
