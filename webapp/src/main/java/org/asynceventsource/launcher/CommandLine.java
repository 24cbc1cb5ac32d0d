package org.asynceventsource.launcher;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the arguments behind {@code java -jar eventsource.war}. Used once, by one thread. */
final class CommandLine {

  static final String USAGE =
      """
      Usage: java -jar eventsource.war [option]...
             java -jar eventsource.war hash [--algorithm A] [--realm R] NAME [PASSWORD]
             java -jar eventsource.war hash --token NAME [TOKEN]

        --port N              listen on this port; 0 takes a free one (default 8080)
        --host H              listen on this address; 0.0.0.0 for all (default 127.0.0.1)
        --user NAME:PASSWORD  let this user in, to read and to publish; may be repeated
        --threads N           use at most this many threads (default 200, at least 4)
        --virtual-host NAME   answer only requests for this host name; may be repeated
        -Deventsource.X=V     set any setting, here or in front of -jar
        --help                show this text
        --version             show the version

      Others can read a command line while the process runs: give passwords that matter in a file.
      """;

  private static final int MAX_PORT = 65_535;
  private static final int MAX_THREADS = 10_000;

  private final Iterator<String> arguments;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final Map<String, String> passwords = new LinkedHashMap<>();
  private final List<String> virtualHosts = new ArrayList<>();
  private String host = ServerOptions.LOOPBACK;
  private int port = ServerOptions.DEFAULT_PORT;
  private int threads = ServerOptions.DEFAULT_THREADS;

  private CommandLine(List<String> arguments) {
    this.arguments = arguments.iterator();
  }

  /**
   * Reads a command line. {@code --help} and {@code --version} win over what follows them.
   *
   * @param arguments the arguments of {@code main}
   * @return what they ask for
   * @throws UsageException if they can't be followed
   */
  static Invocation parse(String... arguments) {
    List<String> words = List.of(arguments);
    return words.isEmpty() || !words.get(0).equals("hash")
        ? new CommandLine(words).parse()
        : new Invocation.Hash(words.subList(1, words.size()));
  }

  private Invocation parse() {
    while (arguments.hasNext()) {
      String argument = arguments.next();
      if (argument.equals("--help") || argument.equals("-h")) {
        return new Invocation.Help();
      }
      if (argument.equals("--version")) {
        return new Invocation.Version();
      }
      if (argument.startsWith("-D")) {
        define(argument);
      } else {
        option(argument);
      }
    }
    return new Invocation.Serve(
        new ServerOptions(host, port, threads, virtualHosts),
        SystemSettings.of(settings, passwords));
  }

  private void define(String argument) {
    int equals = argument.indexOf('=');
    if (equals < 0) {
      throw new UsageException("'%s' has no value; write %s=VALUE".formatted(argument, argument));
    }
    String name = argument.substring("-D".length(), equals);
    if (name.isBlank()) {
      throw new UsageException("'-D' names no setting; write -Deventsource.NAME=VALUE");
    }
    settings.put(name, argument.substring(equals + 1));
  }

  private void option(String argument) {
    int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
    String name = equals < 0 ? argument : argument.substring(0, equals);
    String inline = argument.substring(equals + 1);
    switch (name) {
      case "--port" -> port = number(name, value(name, equals, inline), 0, MAX_PORT);
      case "--threads" ->
          threads =
              number(name, value(name, equals, inline), ServerOptions.FEWEST_THREADS, MAX_THREADS);
      case "--host" -> host = value(name, equals, inline);
      case "--virtual-host" -> virtualHosts.add(value(name, equals, inline));
      case "--user" -> user(value(name, equals, inline));
      default ->
          throw new UsageException("unknown argument '%s'; --help lists them".formatted(name));
    }
  }

  private String value(String name, int equals, String inline) {
    String value = equals >= 0 ? inline : arguments.hasNext() ? arguments.next() : "";
    if (value.isBlank() || (equals < 0 && value.startsWith("--"))) {
      throw new UsageException("%s has no value; --help shows how to write it".formatted(name));
    }
    return value;
  }

  private static int number(String name, String value, int least, int most) {
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The message below serves both.
    }
    throw new UsageException(
        "%s is '%s' but must be a number from %d to %d".formatted(name, value, least, most));
  }

  /** Never shows the value: it may be a password. */
  private void user(String value) {
    int colon = value.indexOf(':');
    if (colon <= 0 || colon == value.length() - 1) {
      throw new UsageException("--user must be written NAME:PASSWORD, neither of them empty");
    }
    String name = value.substring(0, colon);
    if (passwords.putIfAbsent(name, value.substring(colon + 1)) != null) {
      throw new UsageException("--user names '%s' twice; give each user once".formatted(name));
    }
  }
}
