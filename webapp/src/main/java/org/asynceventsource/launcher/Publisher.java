package org.asynceventsource.launcher;

import java.security.SecureRandom;

/**
 * The user who may publish when nobody has named one; the password is new with each start.
 *
 * @param name the user's name
 * @param password the user's password
 */
record Publisher(String name, String password) {

  private static final String NAME = "publisher";
  private static final String SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"; // none look alike
  private static final int LENGTH = 20;

  static Publisher create() {
    SecureRandom random = new SecureRandom();
    StringBuilder password = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      password.append(SIGNS.charAt(random.nextInt(SIGNS.length())));
    }
    return new Publisher(NAME, password.toString());
  }

  /** What is told to whoever started the server, once. */
  String announcement() {
    return "nobody is named who may publish, so '%s' may, with the password '%s' until the next start; --user NAME:PASSWORD names others"
        .formatted(name, password);
  }

  @Override
  public String toString() {
    return "Publisher[" + name + "]";
  }
}
