package org.asynceventsource.security;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The command {@code hash}: prints the line that lets a user log in, for a file of users.
 *
 * <pre>{@code
 * $ java -jar eventsource.war hash --realm "My app name" admin
 * Password:
 * admin:My app name:{SHA-256}3ba6…
 * }</pre>
 *
 * <p>Needs nothing but the JDK.
 */
public final class HashCommand {

  private static final String USAGE =
      """
      usage: hash [--algorithm SHA-256|SHA-512-256|MD5] [--realm REALM] NAME [PASSWORD]
             hash --token NAME [TOKEN]
      Prints a line for the file that the setting eventsource.users=file:PATH names,
      or eventsource.tokens=file:PATH for a token.
      Without PASSWORD or TOKEN asks for it, or reads a line from standard input.""";

  private static final int DONE = 0;
  private static final int BAD_USE = 2;

  private final List<String> operands = new ArrayList<>();
  private DigestAlgorithm algorithm = DigestAlgorithm.SHA_256;
  private String realm = DigestHash.DEFAULT_REALM;
  private boolean token;

  private HashCommand() {}

  /**
   * Runs the command.
   *
   * @param arguments what follows the word {@code hash}
   * @param in where the password comes from if it isn't an argument; a terminal doesn't show it
   * @param out takes the line
   * @param err takes the prompt and messages; never the password
   * @return the exit status: 0, or 2 for wrong usage
   */
  public static int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
    if (arguments.contains("--help")) {
      out.println(USAGE);
      return DONE;
    }
    try {
      out.println(new HashCommand().line(arguments, in, err));
      return DONE;
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      err.println(USAGE);
      return BAD_USE;
    }
  }

  private String line(List<String> arguments, InputStream in, PrintStream err) {
    parse(arguments.iterator());
    if (operands.isEmpty() || operands.size() > 2) {
      throw new IllegalArgumentException(
          "hash takes NAME and at most a PASSWORD, but was given %d words"
              .formatted(operands.size()));
    }
    String user = operands.get(0);
    DigestHash.userMistake(user)
        .or(() -> DigestHash.realmMistake(realm))
        .ifPresent(
            mistake -> {
              throw new IllegalArgumentException(mistake);
            });
    String password = operands.size() == 2 ? operands.get(1) : ask(in, err).orElse("");
    if (token) {
      return TokenIdentity.line(user, password);
    }
    if (password.isEmpty()) {
      throw new IllegalArgumentException("the password is empty; give one");
    }
    return DigestHash.generateLine(user, realm, password, algorithm);
  }

  private void parse(Iterator<String> words) {
    while (words.hasNext()) {
      String word = words.next();
      switch (word) {
        case "--algorithm" -> algorithm = algorithm(value(word, words));
        case "--token" -> token = true;
        case "--realm" -> realm = value(word, words);
        default -> operands.add(operand(word));
      }
    }
  }

  /** Only the name can be mistaken for an option: a password may well begin with hyphens. */
  private String operand(String word) {
    if (operands.isEmpty() && word.startsWith("--")) {
      throw new IllegalArgumentException("hash has no option '%s'".formatted(word));
    }
    return word;
  }

  private static String value(String option, Iterator<String> words) {
    if (!words.hasNext()) {
      throw new IllegalArgumentException("option '%s' lacks its value".formatted(option));
    }
    return words.next();
  }

  private static DigestAlgorithm algorithm(String token) {
    return DigestAlgorithm.parse(token)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "option '--algorithm' is '%s' but must be SHA-256, SHA-512-256 or MD5"
                        .formatted(token)));
  }

  // From JDK 22 on there is always a console; it reads redirected input as well.
  @SuppressWarnings("SystemConsoleNull")
  private static Optional<String> ask(InputStream in, PrintStream err) {
    Console console = System.console();
    if (console != null && in == System.in) {
      char[] typed = console.readPassword("Password: ");
      return Optional.ofNullable(typed).map(String::valueOf);
    }
    try {
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      return Optional.ofNullable(lines.readLine());
    } catch (IOException e) {
      err.println("standard input can't be read: " + e.getMessage());
      return Optional.empty();
    }
  }
}
