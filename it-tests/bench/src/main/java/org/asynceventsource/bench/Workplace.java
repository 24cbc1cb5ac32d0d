package org.asynceventsource.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a benchmark runs: its output directory, the Java of the peers, and the programs in C.
 *
 * @param module the directory {@code it-tests/bench}
 * @param java the {@code java} that runs the peers
 * @param javaOptions the same for all peers
 */
record Workplace(Path module, Path java, List<String> javaOptions) {

  /** Enough for 10,000 streams of the hungriest peer, whose container takes 100 KB for each. */
  static final List<String> DEFAULT_JAVA_OPTIONS = List.of("-Xms3g", "-Xmx3g", "-XX:+UseG1GC");

  Path output() {
    return module.resolve("target").resolve("bench");
  }

  Path readme() {
    return module.resolve("../../README.md").normalize();
  }

  Path program(String name) {
    return output().resolve(name);
  }

  Path log(String name) {
    return output().resolve("logs").resolve(name + ".log");
  }

  /** The command that runs a class of this module in a JVM of its own. */
  List<String> java(String mainClass, List<String> jvmOptions) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(javaOptions);
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    return command;
  }

  /** Compiles the load client and the reference, and lets the load client check itself. */
  void prepare() {
    try {
      Files.createDirectories(output().resolve("logs"));
    } catch (IOException e) {
      throw new BenchmarkException("can't create " + output(), e);
    }
    compile("sseload");
    compile("ref_server");
    selfCheck();
  }

  private void selfCheck() {
    try {
      Command.run(List.of(program("sseload").toString(), "--self-check"));
    } catch (Command.NotFoundException e) {
      throw new BenchmarkException("the load client was compiled but can't be started", e);
    }
  }

  private void compile(String name) {
    Path source = module.resolve("src/main/c").resolve(name + ".c");
    List<String> command =
        List.of("gcc", "-std=gnu17", "-O2", "-o", program(name).toString(), source.toString());
    try {
      Command.run(command);
    } catch (Command.NotFoundException e) {
      throw new BenchmarkException(
          "there is no gcc, but the load client and the reference are written in C; install it, on Debian by: apt-get install gcc libc6-dev",
          e);
    }
  }
}
