package org.asynceventsource.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * RFC 7616 §3.9.1 as printed, §3.9.2 as erratum 4897 corrects it, and what follows from both for
 * sessions and for the server's proof, computed by another implementation.
 */
@DisplayName("The examples of RFC 7616")
class DigestVectorsTest {

  private static final DigestOptions OPTIONS =
      DigestOptions.of("r").withUserhash(true).withProtectedBodies(1_000, 1_000);

  private static final String MUFASA =
      """
      Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", \
      algorithm=%s, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, \
      cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, response="%s", \
      opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"""";

  private static final String DOE =
      """
      Digest username*=UTF-8''J%%C3%%A4s%%C3%%B8n%%20Doe, realm="api@example.org", \
      uri="/doe.json", algorithm=%s, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", \
      nc=00000001, cnonce="NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v", qop=auth, \
      response="%s", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", userhash=false""";

  private static final String USERHASH =
      "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b";

  @ParameterizedTest
  @CsvSource({
    "MD5, 8ca523f5e9506fed4657c9700eebdbec, 9b712497bc9f91499fbcca1dfc5f09a5",
    "MD5-sess, e783283f46242139c486a698fec7211d, b9bdf5673282d64412df46ad40660539",
    "SHA-256, 753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1,"
        + " 86d3b25618d41854ca5039a5d7e53ff6355d5134a9b1fb088a78ac3c462195a0",
    "SHA-256-sess, 2fd51b3a77ad75bad6afad6003e818d767133c46d9e2749e7f5232ae1ea3efd7,"
        + " d4ad609d150eafce2281da5c3179878fdb37e6a16021272f4bed1a082f5c2324",
  })
  @DisplayName("with Mufasa are verified, and proved to him")
  void mufasa(String algorithm, String response, String rspauth) {
    DigestCredential credential = credential(MUFASA.formatted(algorithm, response));

    assertThat(credential.rspauth()).isEmpty();
    assertThat(credential.verify(hash(credential, "Circle of Life"))).isTrue();
    assertThat(credential.rspauth()).contains(rspauth);
    assertThat(credential.callerName()).isEqualTo("Mufasa");
  }

  @ParameterizedTest
  @CsvSource({
    "SHA-512-256, 3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5,"
        + " 2a14c644cc564038709393846dc914772273b178abe03a2fb02c9684116bbc2d",
    "SHA-512-256-sess, 5df408eedb9260fa5576d1e23d63a441d1c1c3740df0bbfba5ded9233f6de306,"
        + " 488f66c3a7b9178b92d28617934ff2ff8c66eb99bbbe5dce13938a78c635ae40",
  })
  @DisplayName("with Jäsøn Doe are verified, and proved to him, whichever form his name has")
  void doe(String algorithm, String response, String rspauth) {
    String named = DOE.formatted(algorithm, response);
    String hashed =
        named
            .replace("username*=UTF-8''J%C3%A4s%C3%B8n%20Doe", "username=\"" + USERHASH + '"')
            .replace("userhash=false", "userhash=true");

    for (String header : new String[] {named, hashed}) {
      DigestCredential credential = credential(header);
      assertThat(credential.names("Jäsøn Doe")).isTrue();
      assertThat(credential.names("Jason Doe")).isFalse();
      assertThat(credential.verify(hash(credential, "Secret, or not?"))).isTrue();
      assertThat(credential.rspauth()).contains(rspauth);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "MD5, 8804a53d3640a40a4f73cea12c5ba451, ''",
    "MD5, 1707eaf5c6ed1a8f6ff2e49286b06bc2, hello",
    "SHA-256, 8bdf6f15638e260831e905028de5450562816d093c9bfc5c13d3a46adcdde940, ''",
    "SHA-256, 887bb8d7a6c4cc95528278df0ec68f641244105a1d6a3aa8769488086b20e097, hello",
  })
  @DisplayName("with Mufasa and a body are verified, but not proved, and not with another body")
  void bodies(String algorithm, String response, String body) {
    String header = MUFASA.formatted(algorithm, response).replace("qop=auth", "qop=auth-int");
    DigestCredential credential = credential(header, body);
    DigestCredential changed = credential(header, body + ' ');

    assertThat(credential.verify(hash(credential, "Circle of Life"))).isTrue();
    assertThat(changed.verify(hash(credential, "Circle of Life"))).isFalse();
    assertThat(credential.rspauth()).isEmpty();
  }

  @Test
  @DisplayName("with another password are neither verified nor proved")
  void wrong() {
    DigestCredential credential =
        credential(MUFASA.formatted("MD5-sess", "e783283f46242139c486a698fec7211d"));

    assertThat(credential.verify(hash(credential, "Circle of Lies"))).isFalse();
    assertThat(credential.rspauth()).isEmpty();
  }

  private static String hash(DigestCredential credential, String password) {
    String user = credential.isNameHashed() ? "Jäsøn Doe" : credential.callerName();
    return DigestHash.generateHash(user, credential.realm(), password, credential.algorithm());
  }

  private static DigestCredential credential(String header) {
    return credential(header, "");
  }

  private static DigestCredential credential(String header, String body) {
    Map<String, String> parameters = AuthorizationHeader.of(header).parameters();
    OfferedAlgorithm algorithm = OfferedAlgorithm.parse(parameters.get("algorithm")).orElseThrow();
    DigestResponse response = DigestResponse.of(parameters, algorithm, OPTIONS);
    return new DigestCredential(response, "GET", response.cnonce(), body.getBytes(UTF_8));
  }
}
