package org.asynceventsource.boot;

import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.annotation.WebFilter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * The filters in front of event sources that don't support asynchronous requests, so that no stream
 * could be opened; as far as {@code web.xml}, fragments and annotations tell. What code registers
 * can't be known before the first request, nor can a filter without a class of its own.
 */
final class SynchronousFilters {

  private static final String DESCRIPTOR = "/WEB-INF/web.xml";
  private static final String FRAGMENT = "META-INF/web-fragment.xml";

  /**
   * Whether descriptors say that filters support it, by their names; web.xml last, since it wins.
   */
  private final Map<String, Optional<Boolean>> declared = new HashMap<>();

  private final ServletContext context;
  private final ClassLoader classes;

  private SynchronousFilters(ServletContext context) {
    this.context = context;
    ClassLoader own = context.getClassLoader(); // an embedded Jetty needs none
    this.classes = own == null ? SynchronousFilters.class.getClassLoader() : own;
  }

  /**
   * Looks for them.
   *
   * @param context the application
   * @param path where an event source is, below the context
   * @param servlet the name of its servlet
   * @return their names and classes, as an administrator would look for them
   */
  static List<String> of(ServletContext context, String path, String servlet) {
    SynchronousFilters filters = new SynchronousFilters(context);
    filters.readDescriptors();
    List<String> found = new ArrayList<>();
    for (FilterRegistration filter : context.getFilterRegistrations().values()) {
      if (isFor(filter, path, servlet) && !filters.supportsAsync(filter)) {
        found.add("'%s' (%s)".formatted(filter.getName(), filter.getClassName()));
      }
    }
    return found;
  }

  private static boolean isFor(FilterRegistration filter, String path, String servlet) {
    Collection<String> servlets = orNone(filter.getServletNameMappings());
    return servlets.contains(servlet)
        || servlets.contains("*")
        || orNone(filter.getUrlPatternMappings()).stream().anyMatch(known -> covers(known, path));
  }

  /** Open Liberty answers {@code null} where the Servlet API wants an empty collection. */
  private static Collection<String> orNone(@Nullable Collection<String> mappings) {
    return mappings == null ? List.of() : mappings;
  }

  /** Whether a pattern is for a path (Servlet 6.0 §12.2). */
  static boolean covers(String pattern, String path) {
    if (pattern.endsWith("/*")) {
      String prefix = pattern.substring(0, pattern.length() - 2);
      return path.equals(prefix) || path.startsWith(prefix + '/');
    }
    return pattern.startsWith("*.") ? path.endsWith(pattern.substring(1)) : pattern.equals(path);
  }

  private boolean supportsAsync(FilterRegistration filter) {
    Optional<Boolean> known = declared.get(filter.getName());
    if (known == null) {
      return annotated(filter).orElse(true);
    }
    return known.or(() -> annotated(filter)).orElse(false); // the default of descriptors
  }

  private Optional<Boolean> annotated(FilterRegistration filter) {
    try {
      Class<?> type = Class.forName(filter.getClassName(), false, classes);
      return Optional.ofNullable(type.getAnnotation(WebFilter.class))
          .map(WebFilter::asyncSupported);
    } catch (ClassNotFoundException | LinkageError unknown) {
      return Optional.empty();
    }
  }

  private void readDescriptors() {
    try {
      for (URL fragment : Collections.list(classes.getResources(FRAGMENT))) {
        read(fragment);
      }
      read(context.getResource(DESCRIPTOR));
    } catch (IOException | ParserConfigurationException | SAXException e) {
      Log.LOGGER.log(Level.DEBUG, "a descriptor can't be read, so its filters aren't known", e);
    }
  }

  private void read(@Nullable URL descriptor)
      throws IOException, ParserConfigurationException, SAXException {
    if (descriptor == null) {
      return;
    }
    try (InputStream in = descriptor.openStream()) {
      DocumentBuilder builder = parser().newDocumentBuilder();
      builder.setErrorHandler(null); // the default one prints
      NodeList filters = builder.parse(in).getElementsByTagName("filter");
      for (int i = 0; i < filters.getLength(); i++) {
        Element filter = (Element) filters.item(i);
        String supported = text(filter, "async-supported");
        declared.put(
            text(filter, "filter-name"),
            supported.isEmpty() ? Optional.empty() : Optional.of(Boolean.valueOf(supported)));
      }
    }
  }

  /** Old descriptors name a document type, which must not be fetched. */
  private static DocumentBuilderFactory parser() throws ParserConfigurationException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
    factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
    return factory;
  }

  private static String text(Element filter, String name) {
    NodeList found = filter.getElementsByTagName(name);
    return found.getLength() == 0 ? "" : found.item(0).getTextContent().strip();
  }
}
