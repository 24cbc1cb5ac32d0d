package org.asynceventsource.boot;

import jakarta.servlet.DispatcherType;
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
import java.util.stream.IntStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
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

  /** What descriptors map filters to; a registration doesn't tell for which dispatches. */
  private final List<Mapping> mappings = new ArrayList<>();

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
      if (filters.isFor(filter, path, servlet) && !filters.supportsAsync(filter)) {
        found.add("'%s' (%s)".formatted(filter.getName(), filter.getClassName()));
      }
    }
    return found;
  }

  /** Whether it stands in front of requests; filters of forwards, includes and errors don't. */
  private boolean isFor(FilterRegistration filter, String path, String servlet) {
    Mapping registered =
        new Mapping(
            filter.getName(),
            orNone(filter.getUrlPatternMappings()),
            orNone(filter.getServletNameMappings()),
            true);
    if (!registered.isFor(path, servlet)) {
      return false;
    }
    List<Mapping> described =
        mappings.stream()
            .filter(mapping -> mapping.filter().equals(filter.getName()))
            .filter(mapping -> mapping.isFor(path, servlet))
            .toList();
    return described.isEmpty()
        ? annotation(filter).map(SynchronousFilters::isForRequests).orElse(true)
        : described.stream().anyMatch(Mapping::requests);
  }

  private static boolean isForRequests(WebFilter annotation) {
    return List.of(annotation.dispatcherTypes()).contains(DispatcherType.REQUEST);
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
    Optional<Boolean> annotated = annotation(filter).map(WebFilter::asyncSupported);
    Optional<Boolean> known = declared.get(filter.getName());
    if (known == null) {
      return annotated.orElse(true);
    }
    return known.or(() -> annotated).orElse(false); // the default of descriptors
  }

  private Optional<WebFilter> annotation(FilterRegistration filter) {
    try {
      Class<?> type = Class.forName(filter.getClassName(), false, classes);
      return Optional.ofNullable(type.getAnnotation(WebFilter.class));
    } catch (ClassNotFoundException | LinkageError unknown) {
      return Optional.empty();
    }
  }

  private void readDescriptors() {
    try {
      Collections.list(classes.getResources(FRAGMENT)).forEach(this::read);
      read(context.getResource(DESCRIPTOR));
    } catch (IOException e) {
      Log.LOGGER.log(Level.DEBUG, "descriptors can't be found, so their filters aren't known", e);
    }
  }

  private void read(@Nullable URL descriptor) {
    if (descriptor == null) {
      return;
    }
    try (InputStream in = descriptor.openStream()) {
      DocumentBuilder builder = parser().newDocumentBuilder();
      builder.setErrorHandler(null); // the default one prints
      Document document = builder.parse(in);
      for (Element filter : elements(document.getElementsByTagName("filter"))) {
        String supported = String.join("", texts(filter, "async-supported"));
        declared.put(
            name(filter),
            supported.isEmpty() ? Optional.empty() : Optional.of(Boolean.valueOf(supported)));
      }
      for (Element mapping : elements(document.getElementsByTagName("filter-mapping"))) {
        List<String> dispatches = texts(mapping, "dispatcher");
        mappings.add(
            new Mapping(
                name(mapping),
                texts(mapping, "url-pattern"),
                texts(mapping, "servlet-name"),
                dispatches.isEmpty() || dispatches.contains(DispatcherType.REQUEST.name())));
      }
    } catch (IOException | ParserConfigurationException | SAXException e) {
      Log.LOGGER.log(
          Level.DEBUG, "'" + descriptor + "' can't be read, so its filters aren't known", e);
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

  private static String name(Element element) {
    return String.join("", texts(element, "filter-name"));
  }

  private static List<String> texts(Element element, String name) {
    return elements(element.getElementsByTagName(name)).stream()
        .map(found -> found.getTextContent().strip())
        .toList();
  }

  private static List<Element> elements(NodeList nodes) {
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
  }

  /**
   * What a filter is mapped to.
   *
   * @param requests whether for requests as they come, which is the default
   */
  private record Mapping(
      String filter, Collection<String> patterns, Collection<String> servlets, boolean requests) {

    boolean isFor(String path, String servlet) {
      return servlets.contains(servlet)
          || servlets.contains("*")
          || patterns.stream().anyMatch(pattern -> covers(pattern, path));
    }
  }
}
