package org.asynceventsource.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** A plot of CPU time per delivered event as SVG: a row for each peer, a dot for each scenario. */
final class Plot {

  private static final int LEFT = 260;
  private static final int WIDTH = 560;
  private static final int TOP = 64;
  private static final int ROW = 26;
  private static final int MARGIN = 20;
  private static final double SMALLEST = 0.1;
  private static final double DECADES = 3; // up to 100 µs

  private static final List<String> TICKS = List.of("0.1", "1", "10", "100");

  private record Series(Scenario scenario, String title, String colour) {}

  private static final List<Series> SERIES =
      List.of(
          new Series(Scenario.FLOOD_100, "100 clients", "#9ecae1"),
          new Series(Scenario.FLOOD_1000, "1,000 clients", "#3182bd"),
          new Series(Scenario.FLOOD_10000, "10,000 clients", "#08306b"),
          new Series(Scenario.SINGLE_1000, "one at a time, 1,000", "#e6550d"));

  private final Results results;
  private final StringBuilder svg = new StringBuilder();

  private Plot(Results results) {
    this.results = results;
  }

  static String draw(Results results) {
    return new Plot(results).draw();
  }

  private String draw() {
    List<Peer> peers = Arrays.stream(Peer.values()).filter(this::isMeasured).toList();
    int height = TOP + ROW * peers.size() + MARGIN;
    int width = LEFT + WIDTH + MARGIN;
    add(
        "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' font-size='13'>",
        width, height);
    add("<rect width='100%%' height='100%%' fill='white'/>");
    text(
        MARGIN, 22, "start", "CPU microseconds of the server per delivered event (less is better)");
    legend();
    axis(height - MARGIN);
    for (int i = 0; i < peers.size(); i++) {
      row(peers.get(i), TOP + ROW * i + ROW / 2);
    }
    add("</svg>");
    return svg.toString();
  }

  private boolean isMeasured(Peer peer) {
    return SERIES.stream().anyMatch(series -> value(peer, series).isPresent());
  }

  private OptionalDouble value(Peer peer, Series series) {
    return results.median(peer, series.scenario(), Measure.CPU_MICROS);
  }

  private void legend() {
    int x = LEFT;
    for (Series series : SERIES) {
      add("<circle cx='%d' cy='40' r='5' fill='%s'/>", x, series.colour());
      text(x + 10, 44, "start", series.title());
      x += 135;
    }
  }

  private void axis(int bottom) {
    for (String micros : TICKS) {
      int x = x(Double.parseDouble(micros));
      add("<line x1='%d' y1='%d' x2='%d' y2='%d' stroke='#ddd'/>", x, TOP - 4, x, bottom);
      text(x, bottom + 14, "middle", micros);
    }
  }

  private void row(Peer peer, int y) {
    text(LEFT - 12, y + 4, "end", peer.plainTitle());
    for (Series series : SERIES) {
      value(peer, series)
          .ifPresent(
              micros ->
                  add(
                      "<circle cx='%d' cy='%d' r='5' fill='%s'><title>%s µs</title></circle>",
                      x(micros), y, series.colour(), Report.number(micros)));
    }
  }

  private static int x(double micros) {
    double decades = Math.log10(Math.max(micros, SMALLEST) / SMALLEST);
    return LEFT + (int) Math.round(WIDTH * Math.min(decades, DECADES) / DECADES);
  }

  private void text(int x, int y, String anchor, String text) {
    add("<text x='%d' y='%d' text-anchor='%s'>%s</text>", x, y, anchor, text);
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
