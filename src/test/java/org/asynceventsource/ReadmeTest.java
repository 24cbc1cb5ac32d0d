package org.asynceventsource;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.asynceventsource.metrics.EventBusMXBean;
import org.asynceventsource.metrics.EventSourceMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The README's Java compiles as it stands, given its imports and the reader's own classes. */
class ReadmeTest {

  private static final Path README = Path.of("..", "README.md");
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern NAME = Pattern.compile("class (\\w+)");

  private static final String IMPORTS =
      """
      import jakarta.enterprise.context.*;
      import jakarta.enterprise.event.*;
      import jakarta.enterprise.inject.*;
      import jakarta.inject.*;
      import jakarta.security.enterprise.identitystore.*;
      import jakarta.servlet.*;
      import jakarta.servlet.annotation.*;
      import jakarta.servlet.http.*;
      import java.io.*;
      import java.nio.file.Path;
      import java.time.*;
      import java.util.Map;
      import java.util.Set;
      import java.util.concurrent.ConcurrentHashMap;
      import java.util.concurrent.atomic.*;
      import org.asynceventsource.*;
      import org.asynceventsource.middleware.*;
      import org.asynceventsource.security.*;
      import org.asynceventsource.spi.*;
      """;

  private static final String READERS_CLASSES =
      """
      record Order(long number, String item) {}
      record Price(long number, String item) {}
      """;

  @TempDir private Path classes;

  private static List<String> blocks() throws IOException {
    return JAVA.matcher(Files.readString(README)).results().map(found -> found.group(1)).toList();
  }

  @Test
  void theReadmeBeginsWithJava() throws IOException {
    assertThat(blocks()).hasSizeGreaterThanOrEqualTo(4);
    assertThat(blocks().get(0).lines()).hasSize(8);
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void everyJavaBlockCompiles(String block) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    List<String> options =
        List.of(
            "-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none");
    compiler.getTask(null, null, found, options, null, List.of(source(block))).call();
    assertThat(errors(found)).as(block).isEmpty();
  }

  @Test
  void theReadmeListsEveryAttributeOfTheBeans() throws IOException {
    String readme = Files.readString(README);
    assertThat(Stream.of(EventSourceMXBean.class, EventBusMXBean.class).flatMap(ReadmeTest::names))
        .hasSizeGreaterThan(20)
        .allSatisfy(name -> assertThat(readme).contains("`" + name + "`"));
  }

  private static Stream<String> names(Class<?> bean) {
    return Arrays.stream(bean.getMethods()).map(method -> method.getName().replaceFirst("get", ""));
  }

  private static Stream<String> errors(DiagnosticCollector<JavaFileObject> found) {
    return found.getDiagnostics().stream()
        .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
        .map(diagnostic -> diagnostic.getMessage(Locale.ROOT));
  }

  private static JavaFileObject source(String block) {
    String name = NAME.matcher(block).results().findFirst().orElseThrow().group(1);
    URI uri = URI.create("string:///" + name + ".java");
    String text = IMPORTS + block + READERS_CLASSES;
    return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }
}
