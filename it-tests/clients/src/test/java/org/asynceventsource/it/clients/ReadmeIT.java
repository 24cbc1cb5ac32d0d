package org.asynceventsource.it.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.asynceventsource.it.support.WarProcess;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What the README shows is typed in as it stands; its Java is compiled by the library's tests. */
@DisplayName("The README")
class ReadmeIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Path TOP =
      Path.of(System.getProperty("it.war")).resolve("../../..").normalize();
  private static final Map<String, String> ORDER_DESK =
      Map.of(
          "xml", "pom.xml",
          "java", "src/main/java/org/example/orders/OrderDesk.java",
          "js", "src/main/webapp/index.html");
  private static final String EPOCH = "v3p0mk2c51qg";
  private static final Pattern FIRST_ID = Pattern.compile("id: ([0-9a-v]{12})-0");

  @TempDir private Path directory;

  /** A command of a console block, and what the README says that it prints. */
  private record Shown(String command, String output) {

    boolean isStream() {
      return command.startsWith("curl -N");
    }
  }

  @Test
  @DisplayName("shows what curl and the WAR's own commands print")
  void consoles() throws Exception {
    List<Shown> all = shown();
    assertThat(all).hasSizeGreaterThanOrEqualTo(7);
    try (WarProcess server = WarProcess.start("--user", "alice:secret")) {
      Path live = directory.resolve("live");
      Process first = stream(all.get(0).command(), server, EPOCH, live);
      String epoch = await().atMost(PATIENCE).until(() -> epochIn(live), found -> !found.isEmpty());
      for (Shown shown : all.subList(1, all.size())) {
        String expected = shown.output().replace(EPOCH, epoch);
        if (shown.isStream()) {
          Path output = directory.resolve("stream");
          Process process = stream(shown.command(), server, epoch, output);
          awaitBeginning(output, expected);
          process.destroy();
        } else {
          assertThat(run(shown.command(), server, epoch)).as(shown.command()).isEqualTo(expected);
        }
      }
      awaitBeginning(live, all.get(0).output().replace(EPOCH, epoch));
      first.destroy();
    }
  }

  @Test
  @DisplayName("has JavaScript that parses")
  void script() throws Exception {
    for (String block : blocks("js")) {
      Path file = Files.writeString(directory.resolve("readme.js"), block);
      Process check =
          new ProcessBuilder(System.getProperty("it.node"), "--check", file.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(check.waitFor()).as(said).isZero();
    }
  }

  @Test
  @DisplayName("has XML that names what this build makes")
  void descriptors() throws Exception {
    for (String block : blocks("xml")) {
      Document document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(block.getBytes(StandardCharsets.UTF_8)));
      String tag = document.getDocumentElement().getTagName();
      if (tag.equals("plugin")) {
        continue; // of the order desk
      }
      if (tag.startsWith("dependenc")) {
        ours(document).forEach(ReadmeIT::assertMade);
      } else {
        String type =
            text(document.getDocumentElement(), "listener-class").replace('.', '/') + ".java";
        assertThat(TOP.resolve("src/main/java").resolve(type)).exists();
      }
    }
  }

  private static List<Element> ours(Document document) {
    NodeList all = document.getElementsByTagName("dependency");
    return IntStream.range(0, all.getLength())
        .mapToObj(i -> (Element) all.item(i))
        .filter(dependency -> text(dependency, "groupId").equals("org.asynceventsource"))
        .toList();
  }

  private static void assertMade(Element dependency) {
    String artifact = text(dependency, "artifactId");
    Path module = TOP.resolve(artifact.equals("eventsource") ? "webapp" : "src");
    assertThat(module.resolve("pom.xml"))
        .content()
        .contains("<artifactId>" + artifact + "</artifactId>")
        .contains("<version>" + text(dependency, "version") + "</version>");
  }

  @Test
  @DisplayName("shows of an overlay nothing but the order desk, as it is built and tested")
  void orderDesk() throws IOException {
    String readme = Files.readString(TOP.resolve("README.md"));
    String section =
        readme.substring(readme.indexOf("**An overlay.**"), readme.indexOf("**An EAR.**"));
    List<String> languages = new ArrayList<>();
    Matcher block = Pattern.compile("```(\\w+)\n(.*?)```", Pattern.DOTALL).matcher(section);
    while (block.find()) {
      languages.add(block.group(1));
      Path file = TOP.resolve("it-tests/order-desk").resolve(ORDER_DESK.get(block.group(1)));
      assertThat(stripped(Files.readString(file))).contains(stripped(block.group(2)));
    }
    assertThat(languages).containsExactly("xml", "xml", "java", "js");
  }

  private static String stripped(String text) {
    return text.lines().map(String::strip).collect(Collectors.joining("\n"));
  }

  @Test
  @DisplayName("names commands that are there")
  void commands() throws IOException {
    List<String> commands = blocks("sh").stream().map(String::strip).toList();
    assertThat(commands).hasSize(4).startsWith("mvn -Prun", "it-tests/verify");
    assertThat(Files.readString(TOP.resolve("pom.xml"))).contains("<id>run</id>");
    assertThat(TOP.resolve("it-tests/verify")).isExecutable();
    assertThat(TOP.resolve(commands.get(3))).isExecutable();
    List<String> arguments = List.of(commands.get(2).split(" "));
    assertThat(arguments).startsWith("java", "-jar", "webapp/target/eventsource.war", "--port");
    List<String> behindPort = arguments.subList(5, arguments.size());
    try (WarProcess server = WarProcess.start(behindPort.toArray(String[]::new))) {
      assertThat(server.output()).contains("listens on http://localhost:" + server.port() + "/");
    }
  }

  private static String text(Element element, String tag) {
    return element.getElementsByTagName(tag).item(0).getTextContent();
  }

  private static List<String> blocks(String language) throws IOException {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(TOP.resolve("README.md")))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private static List<Shown> shown() throws IOException {
    List<Shown> all = new ArrayList<>();
    for (String block : blocks("console")) {
      Matcher command = Pattern.compile("(?m)^\\$ (.*)\n").matcher(block);
      int[] from = {0};
      String[] pending = {""};
      command
          .results()
          .forEach(
              found -> {
                if (!pending[0].isEmpty()) {
                  all.add(new Shown(pending[0], block.substring(from[0], found.start())));
                }
                pending[0] = found.group(1);
                from[0] = found.end();
              });
      all.add(new Shown(pending[0], block.substring(from[0])));
    }
    return all;
  }

  private static String epochIn(Path stream) throws IOException {
    Matcher id = FIRST_ID.matcher(Files.readString(stream));
    return id.find() ? id.group(1) : "";
  }

  private static void awaitBeginning(Path stream, String expected) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(Files.readString(stream).stripTrailing())
                    .startsWith(expected.stripTrailing()));
  }

  private static ProcessBuilder bash(String command, WarProcess server, String epoch) {
    String here =
        command
            .replace("localhost:8080", "localhost:" + server.port())
            .replace(EPOCH, epoch)
            .replace("curl ", "curl -s ");
    return new ProcessBuilder("bash", "-c", "exec 2>/dev/null; " + here).directory(TOP.toFile());
  }

  private static Process stream(String command, WarProcess server, String epoch, Path output)
      throws IOException {
    return bash("exec " + command, server, epoch).redirectOutput(output.toFile()).start();
  }

  private static String run(String command, WarProcess server, String epoch) throws Exception {
    Process process = bash(command, server, epoch).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(command + "\n" + output).isZero();
    return output;
  }
}
