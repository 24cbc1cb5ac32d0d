package org.asynceventsource.boot;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.asynceventsource.security.jwt.JwtOptions;

/** The declarations of the settings of signed tokens; the others are {@link Declared}. */
final class DeclaredJwt {

  private static final SettingType<List<String>> SIGNATURES =
      SettingType.list("", text -> Optional.of(text).filter(JwtOptions::isUsable));

  static final Setting<String> ISSUER =
      Setting.of(
          "jwt.issuer",
          SettingType.text("a text", text -> true),
          "",
          "Who signs tokens for `bearer` (JWT), as in their claim `iss`; empty for nobody.");

  static final Setting<String> AUDIENCE =
      Setting.of(
          "jwt.audience",
          SettingType.text("a text", text -> true),
          "",
          "Whom such tokens must be for, as in their claim `aud`.");

  static final Setting<String> KEYS =
      Setting.of(
          "jwt.keys",
          SettingType.text("file:PATH or an https URL", text -> true),
          "",
          "Where the issuer's public keys are (JWKS): `file:PATH` or an `https` URL.");

  static final Setting<List<String>> ALGORITHMS =
      Setting.of(
          "jwt.algorithms",
          new SettingType<>(
              "a list of RS256, ES256, PS256 and the same with 384 or 512",
              text -> SIGNATURES.parser().apply(text).filter(list -> !list.isEmpty())),
          "RS256, ES256",
          "Algorithms that such tokens may be signed by, whatever they say themselves.");

  static final Setting<String> NAME_CLAIM =
      Setting.of(
          "jwt.name-claim",
          SettingType.text("the name of a claim", text -> !text.isEmpty()),
          "sub",
          "Claim that has the user's name.");

  static final Setting<String> GROUPS_CLAIM =
      Setting.of(
          "jwt.groups-claim",
          SettingType.text("the name of a claim", text -> !text.isEmpty()),
          "groups",
          "Claim that has the user's roles, as a list or with spaces between.");

  static final Setting<Duration> SKEW =
      Setting.of("jwt.skew", SettingType.DURATION, "30s", "How far the issuer's clock may be off.");

  private DeclaredJwt() {}
}
