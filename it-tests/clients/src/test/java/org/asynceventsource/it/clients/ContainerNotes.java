package org.asynceventsource.it.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code webapp/CONTAINERS.md} shows, with other ports and files, so that a test can use it
 * beside whatever else runs on this machine.
 */
final class ContainerNotes {

  private static final Path PAGE =
      Path.of(System.getProperty("it.war")).resolve("../../CONTAINERS.md").normalize();
  private static final Pattern PORT = Pattern.compile("\\b(80|443|8080|8081)\\b");
  private static final Pattern DIRECTORY = Pattern.compile("/etc/(apache2|ssl/private)/");

  private final String text;

  private ContainerNotes(String text) {
    this.text = text;
  }

  /**
   * Reads the page.
   *
   * @param ports what to write for each port that the page names
   * @param directory what to write for the directories in {@code /etc}
   */
  static ContainerNotes read(Map<Integer, Integer> ports, Path directory) {
    try {
      String page = Files.readString(PAGE);
      String moved = DIRECTORY.matcher(page).replaceAll(Matcher.quoteReplacement(directory + "/"));
      return new ContainerNotes(
          PORT.matcher(moved)
              .replaceAll(found -> ports.get(Integer.valueOf(found.group())).toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The only block of code in this language. */
  String block(String language) {
    return only("```" + language + "\n(.*?)```");
  }

  /** The only line of a block that is this command. */
  String command(String name) {
    return only("\n(" + name + " [^\n]*)");
  }

  private String only(String expression) {
    Matcher matcher = Pattern.compile(expression, Pattern.DOTALL).matcher(text);
    if (!matcher.find()) {
      throw new AssertionError("nothing in " + PAGE + " looks like " + expression);
    }
    String found = matcher.group(1);
    if (matcher.find()) {
      throw new AssertionError("more than one place in " + PAGE + " looks like " + expression);
    }
    return found;
  }
}
