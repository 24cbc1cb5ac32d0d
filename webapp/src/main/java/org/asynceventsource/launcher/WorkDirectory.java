package org.asynceventsource.launcher;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A temporary directory that goes with the process.
 *
 * @param path where it is
 */
record WorkDirectory(Path path) implements AutoCloseable {

  static WorkDirectory create() throws IOException {
    return new WorkDirectory(Files.createTempDirectory("eventsource-"));
  }

  /** Deletes the directory with all it holds. */
  @Override
  public void close() throws IOException {
    if (Files.exists(path)) {
      Files.walkFileTree(path, new Deletion());
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
