package org.asynceventsource.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * The WAR that this process was started from.
 *
 * @param path where it is
 */
record WarFile(Path path) {

  /**
   * Copies jars out of the WAR, because class loaders can't read a jar in a jar.
   *
   * @param folder the folder in the WAR, with a slash at its end
   * @param wanted which file names
   * @param directory an empty directory for the copies
   * @return where the copies are
   * @throws IOException if the WAR can't be read or the directory not written
   */
  List<URL> copyJars(String folder, Predicate<String> wanted, Path directory) throws IOException {
    List<URL> copies = new ArrayList<>();
    try (JarFile file = new JarFile(path.toFile())) {
      for (JarEntry entry : file.stream().filter(found -> isJarIn(folder, found)).toList()) {
        String name = entry.getName().substring(folder.length());
        if (wanted.test(name)) {
          Path copy = directory.resolve(name);
          try (InputStream in = file.getInputStream(entry)) {
            Files.copy(in, copy);
          }
          copies.add(copy.toUri().toURL());
        }
      }
    }
    return copies;
  }

  private static boolean isJarIn(String folder, JarEntry entry) {
    String name = entry.getName();
    return name.startsWith(folder)
        && name.endsWith(".jar")
        && name.indexOf('/', folder.length()) < 0;
  }
}
