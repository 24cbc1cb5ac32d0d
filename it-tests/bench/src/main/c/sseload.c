/*
 * The load client: thousands of Server-Sent Events streams in one thread, by epoll, so lean that
 * what is measured is the server. Linux only; gcc -O2 -o sseload sseload.c
 *
 * Events are expected to have the data "<sequence> <nanos> padding", nanos being those of the
 * monotonic clock (System.nanoTime() of a Java process on Linux). From them it checks, for every
 * stream, that nothing is lost, doubled or reordered, and takes latencies. It commands the server
 * by the control port: "B <count> <size>" broadcasts events. One result a line, "<name> <number>",
 * goes to standard output; complaints go to standard error.
 *
 * Flood: never more than W events are outstanding, that is published and not yet received by all
 * clients; so a server runs as fast as it can without loss and without unbounded queues.
 * Rate: so many events a second, whatever the server does.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define NANOS_PER_SECOND 1000000000ull
#define LINE_KEPT 120             /* of a line only its beginning matters */
#define OUTSTANDING (1u << 17)    /* most events between the oldest incomplete and the newest */
#define HEADER_LIMIT 65536
#define REGISTRATION_SECONDS .5   /* some servers send headers before they count a client in */
#define STALLING_RECEIVE_BUFFER 4096
#define STALLING_SEGMENT 1448     /* a network's, not the loopback's 64 KB, which buffers megabytes */

static uint64_t nanos(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * NANOS_PER_SECOND + (uint64_t)t.tv_nsec;
}

static double seconds_since(uint64_t begin) {
  return (double)(nanos() - begin) / 1e9;
}

__attribute__((noreturn, format(printf, 1, 2))) static void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fprintf(stderr, "sseload: ");
  vfprintf(stderr, format, arguments);
  fprintf(stderr, "\n");
  va_end(arguments);
  exit(2);
}

static int complaints_left = 5;

__attribute__((format(printf, 1, 2))) static void complain(const char *format, ...) {
  if (complaints_left-- <= 0) {
    return;
  }
  va_list arguments;
  va_start(arguments, format);
  fprintf(stderr, "sseload: ");
  vfprintf(stderr, format, arguments);
  fprintf(stderr, "\n");
  va_end(arguments);
}

/* ---- histogram: 64 buckets for each power of two, so within 1.6 % */

#define BUCKETS (64 * 60)

typedef struct {
  uint64_t buckets[BUCKETS];
  uint64_t count;
  uint64_t max;
} histogram;

static int bucket_of(uint64_t value) {
  if (value < 64) {
    return (int)value;
  }
  int exponent = 63 - __builtin_clzll(value);
  int bucket = (exponent - 5) * 64 + (int)((value >> (exponent - 6)) & 63);
  return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

static uint64_t value_of(int bucket) {
  if (bucket < 64) {
    return (uint64_t)bucket;
  }
  int exponent = bucket / 64 + 5;
  return (64ull + (uint64_t)(bucket & 63)) << (exponent - 6);
}

static void record(histogram *h, uint64_t value) {
  h->buckets[bucket_of(value)]++;
  h->count++;
  if (value > h->max) {
    h->max = value;
  }
}

static double quantile_millis(const histogram *h, double quantile) {
  uint64_t rank = (uint64_t)(quantile * (double)h->count);
  uint64_t passed = 0;
  for (int i = 0; i < BUCKETS; i++) {
    passed += h->buckets[i];
    if (passed > rank) {
      return (double)value_of(i) / 1e6;
    }
  }
  return (double)h->max / 1e6;
}

static void print(const char *name, double value) {
  printf("%s %.6f\n", name, value);
}

static void print_latency(const char *name, const histogram *h) {
  static const struct {
    const char *suffix;
    double quantile;
  } rows[] = {{"p50", .5}, {"p99", .99}, {"p999", .999}};
  char label[64];
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    snprintf(label, sizeof label, "%s_%s_ms", name, rows[i].suffix);
    print(label, quantile_millis(h, rows[i].quantile));
  }
  snprintf(label, sizeof label, "%s_max_ms", name);
  print(label, (double)h->max / 1e6);
  snprintf(label, sizeof label, "%s_count", name);
  print(label, (double)h->count);
}

/* ---- options */

typedef struct {
  const char *url;
  const char *control;
  const char *last_event_id;
  int clients;
  int size;
  int window;        /* flood: most events outstanding; 0 for none */
  double rate;       /* events a second; 0 for none */
  double warmup;     /* seconds before anything is measured */
  double seconds;    /* what is measured */
  double baseline;   /* with stalling clients: measured before they stop */
  double after;      /* goes on for so long when all is measured, for others to look */
  double drain;      /* longest wait for what is outstanding at the end */
  double connect_timeout;
  int stalling;      /* that many clients stop reading after the baseline, for good */
  int burst;         /* most connections in the making */
  int server_pid;
  bool hold;         /* say that all are connected, then keep the streams until stdin ends */
  uint64_t first_sequence; /* that every stream has to begin with; 0 for any */
  uint64_t until_sequence; /* done when every stream has it */
} options;

static options opt = {.clients = 1,
                      .size = 100,
                      .seconds = 5,
                      .drain = 10,
                      .connect_timeout = 60,
                      .burst = 256};

static uint32_t source_first, source_count; /* addresses to connect from, in turn */

/* ---- what was received, over all clients */

enum client_state { NEW, CONNECTING, HEADERS, STREAMING, CLOSED };
enum chunk_state { SIZE, EXTENSION, DATA, DATA_CR, DATA_LF, TRAILER };

typedef struct {
  int fd;
  enum client_state state;
  enum chunk_state chunk;
  bool chunked, stalling, after_cr, has_data, numbered, began, reached, trailer_empty;
  uint64_t chunk_left;
  uint32_t line_length;
  char line[LINE_KEPT];
  uint64_t sequence, sent_at; /* of the event being read */
  uint64_t last;              /* sequence of the newest event */
  uint64_t started_at;
  char *headers;
  size_t headers_length;
} client;

static client *clients;
static int streaming, closed, reading, connecting;

static struct {
  uint64_t events, bytes, receives, comments, unnumbered;
  uint64_t lost, backwards, broken, stalling_closed, not_sse;
  uint64_t published, completed;
} total;

static histogram latency, latency_last, baseline_latency, connect_latency;
static histogram *measured, *measured_last; /* NULL while nothing is measured */

static uint32_t receivers[OUTSTANDING]; /* of the event with this sequence number */
static uint64_t incomplete;             /* sequence of the oldest event that somebody lacks */
static bool incomplete_known;
static int reached;
static uint64_t all_reached_at, all_streaming_at;

static void complete(void) {
  while (incomplete_known && reading > 0 &&
         receivers[incomplete % OUTSTANDING] >= (uint32_t)reading) {
    receivers[incomplete % OUTSTANDING] = 0;
    incomplete++;
    total.completed++;
  }
}

static void count_receiver(uint64_t sequence, uint64_t late) {
  if (!incomplete_known) {
    incomplete_known = true;
    incomplete = sequence;
  }
  if (sequence < incomplete) {
    return;
  }
  if (sequence - incomplete >= OUTSTANDING) {
    fail("more than %u events are outstanding; lower the rate", OUTSTANDING);
  }
  if (++receivers[sequence % OUTSTANDING] == (uint32_t)reading) {
    if (measured_last) {
      record(measured_last, late);
    }
    if (sequence == incomplete) {
      complete();
    }
  }
}

static void check_order(client *c) {
  if (!c->began) {
    c->began = true;
    c->last = opt.first_sequence ? opt.first_sequence - 1 : c->sequence - 1;
  }
  if (c->sequence > c->last + 1) {
    total.lost += c->sequence - c->last - 1;
  } else if (c->sequence <= c->last) {
    total.backwards++;
  }
  c->last = c->sequence;
}

static void on_event(client *c, uint64_t now) {
  if (!c->numbered) {
    total.unnumbered++;
    return;
  }
  total.events++;
  check_order(c);
  if (opt.until_sequence && c->sequence >= opt.until_sequence && !c->reached) {
    c->reached = true;
    if (++reached == opt.clients) {
      all_reached_at = now;
    }
  }
  if (c->stalling) {
    return;
  }
  uint64_t late = now > c->sent_at ? now - c->sent_at : 0;
  if (measured) {
    record(measured, late);
  }
  count_receiver(c->sequence, late);
}

/* ---- text/event-stream: lines that end by LF, CRLF or CR, of which each may come in pieces */

static uint64_t parse_number(const char **text) {
  uint64_t value = 0;
  while (**text >= '0' && **text <= '9') {
    value = value * 10 + (uint64_t)(*(*text)++ - '0');
  }
  return value;
}

static void on_data(client *c, const char *data) {
  if (c->has_data) {
    return; /* the first line has the numbers */
  }
  c->has_data = true;
  if (*data == ' ') {
    data++;
  }
  if (*data < '0' || *data > '9') {
    return;
  }
  c->sequence = parse_number(&data);
  if (*data++ == ' ') {
    c->sent_at = parse_number(&data);
    c->numbered = true;
  }
}

static void on_line(client *c, uint64_t now) {
  uint32_t kept = c->line_length < LINE_KEPT - 1 ? c->line_length : LINE_KEPT - 1;
  c->line[kept] = 0;
  if (c->line_length == 0) {
    if (c->has_data) {
      on_event(c, now);
    }
    c->has_data = c->numbered = false;
  } else if (c->line[0] == ':') {
    total.comments++;
  } else if (!strncmp(c->line, "data:", 5)) {
    on_data(c, c->line + 5);
  }
  c->line_length = 0;
}

static void keep_line(client *c, const char *text, size_t length) {
  if (c->line_length < LINE_KEPT - 1) {
    size_t room = LINE_KEPT - 1 - c->line_length;
    memcpy(c->line + c->line_length, text, length < room ? length : room);
  }
  c->line_length += (uint32_t)length;
}

static void read_text(client *c, const char *text, size_t length, uint64_t now) {
  const char *end = text + length;
  while (text < end) {
    if (c->after_cr) {
      c->after_cr = false;
      if (*text == '\n') {
        text++;
        continue;
      }
    }
    const char *lf = memchr(text, '\n', (size_t)(end - text));
    const char *limit = lf ? lf : end;
    const char *cr = memchr(text, '\r', (size_t)(limit - text));
    const char *line_end = cr ? cr : limit;
    keep_line(c, text, (size_t)(line_end - text));
    if (line_end == end) {
      return;
    }
    c->after_cr = cr != NULL;
    on_line(c, now);
    text = line_end + 1;
  }
}

/* ---- HTTP/1.1: header, and chunked bodies (RFC 9112 §7.1) */

static void close_client(client *c, bool is_error) {
  if (c->state == CLOSED) {
    return;
  }
  if (c->state == STREAMING) {
    streaming--;
  }
  if (c->fd >= 0) {
    close(c->fd);
  }
  c->fd = -1;
  c->state = CLOSED;
  closed++;
  if (c->stalling) {
    total.stalling_closed++;
  } else {
    reading--;
    total.broken += is_error;
  }
}

static void chunk_size(client *c, char ch) {
  if (ch >= '0' && ch <= '9') {
    c->chunk_left = c->chunk_left * 16 + (uint64_t)(ch - '0');
  } else if ((ch | 32) >= 'a' && (ch | 32) <= 'f') {
    c->chunk_left = c->chunk_left * 16 + (uint64_t)((ch | 32) - 'a' + 10);
  } else if (ch == '\n') {
    c->chunk = c->chunk_left ? DATA : TRAILER;
    c->trailer_empty = true;
  } else if (ch != '\r') {
    c->chunk = EXTENSION;
  }
}

/* The end of the body: the server ended the stream, which no server is asked to do. */
static bool trailer_ends(client *c, char ch) {
  if (ch == '\n') {
    bool ends = c->trailer_empty;
    c->trailer_empty = true;
    return ends;
  }
  if (ch != '\r') {
    c->trailer_empty = false;
  }
  return false;
}

static void bad_chunk(client *c) {
  complain("a chunk doesn't end where its size says");
  close_client(c, true);
}

static void read_body(client *c, const char *bytes, size_t length, uint64_t now) {
  if (!c->chunked) {
    read_text(c, bytes, length, now);
    return;
  }
  const char *end = bytes + length;
  while (bytes < end) {
    switch (c->chunk) {
      case SIZE:
        chunk_size(c, *bytes++);
        break;
      case EXTENSION:
        if (*bytes++ == '\n') {
          c->chunk = c->chunk_left ? DATA : TRAILER;
          c->trailer_empty = true;
        }
        break;
      case DATA: {
        size_t here = (size_t)(end - bytes);
        if (here > c->chunk_left) {
          here = c->chunk_left;
        }
        read_text(c, bytes, here, now);
        bytes += here;
        c->chunk_left -= here;
        if (!c->chunk_left) {
          c->chunk = DATA_CR;
        }
        break;
      }
      case DATA_CR:
      case DATA_LF:
        if (*bytes++ != (c->chunk == DATA_CR ? '\r' : '\n')) {
          bad_chunk(c);
          return;
        }
        c->chunk = c->chunk == DATA_CR ? DATA_LF : SIZE;
        break;
      case TRAILER:
        if (trailer_ends(c, *bytes++)) {
          complain("the server ended a stream");
          close_client(c, true);
          return;
        }
        break;
    }
  }
}

static void accept_headers(client *c, uint64_t now) {
  if (strncmp(c->headers, "HTTP/1.1 200", 12)) {
    complain("bad status: %.200s", c->headers);
    close_client(c, true);
    return;
  }
  total.not_sse += !strcasestr(c->headers, "content-type: text/event-stream") &&
                   !strcasestr(c->headers, "content-type:text/event-stream");
  c->chunked = strcasestr(c->headers, "transfer-encoding: chunked") != NULL;
  c->state = STREAMING;
  record(&connect_latency, now - c->started_at);
  if (++streaming == opt.clients) {
    all_streaming_at = now;
  }
}

static void read_headers(client *c, const char *bytes, size_t length, uint64_t now) {
  c->headers = realloc(c->headers, c->headers_length + length + 1);
  memcpy(c->headers + c->headers_length, bytes, length);
  c->headers_length += length;
  c->headers[c->headers_length] = 0;
  char *end = strstr(c->headers, "\r\n\r\n");
  if (!end) {
    if (c->headers_length > HEADER_LIMIT) {
      fail("a header has more than %d bytes", HEADER_LIMIT);
    }
    return;
  }
  connecting--;
  end[2] = 0; /* the body must not be taken for header fields */
  accept_headers(c, now);
  const char *rest = end + 4;
  if (c->state == STREAMING) {
    read_body(c, rest, (size_t)(c->headers + c->headers_length - rest), now);
  }
  free(c->headers);
  c->headers = NULL;
}

/* ---- sockets */

#define CONTROL_EVENT (~0ull)
#define TIMER_EVENT (~0ull - 1)
#define STDIN_EVENT (~0ull - 2)

static int epoll, control = -1, timer;
static bool ticking, stdin_ended;
static struct sockaddr_in server;
static char *request;
static size_t request_length;

static void watch(int operation, int fd, uint32_t events, uint64_t data) {
  struct epoll_event event = {.events = events, .data.u64 = data};
  if (epoll_ctl(epoll, operation, fd, &event)) {
    fail("epoll_ctl: %s", strerror(errno));
  }
}

static void start_client(int index) {
  client *c = &clients[index];
  int one = 1;
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (c->fd < 0) {
    fail("socket %d: %s; raise the limit of open files", index, strerror(errno));
  }
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (c->stalling) {
    int buffer = STALLING_RECEIVE_BUFFER, segment = STALLING_SEGMENT;
    setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    setsockopt(c->fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment);
  }
  if (source_count) {
    struct sockaddr_in source = {.sin_family = AF_INET};
    source.sin_addr.s_addr = htonl(source_first + (uint32_t)index % source_count);
    setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    if (bind(c->fd, (struct sockaddr *)&source, sizeof source)) {
      fail("bind: %s", strerror(errno));
    }
  }
  c->started_at = nanos();
  if (connect(c->fd, (struct sockaddr *)&server, sizeof server) && errno != EINPROGRESS) {
    fail("connect: %s", strerror(errno));
  }
  c->state = CONNECTING;
  connecting++;
  watch(EPOLL_CTL_ADD, c->fd, EPOLLIN | EPOLLOUT, (uint64_t)index);
}

static void lose(client *c, const char *why) {
  complain("client %ld behind event %llu: %s", (long)(c - clients), (unsigned long long)c->last,
           why);
  connecting -= c->state == CONNECTING || c->state == HEADERS;
  close_client(c, true);
}

static void send_request(client *c, uint32_t events) {
  int error = 0;
  socklen_t length = sizeof error;
  getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &length);
  if (error) {
    lose(c, strerror(error));
  } else if (events & EPOLLOUT) {
    if (send(c->fd, request, request_length, MSG_NOSIGNAL) != (ssize_t)request_length) {
      lose(c, "the request can't be sent at once");
      return;
    }
    c->state = HEADERS;
    watch(EPOLL_CTL_MOD, c->fd, EPOLLIN, (uint64_t)(c - clients));
  }
}

static void handle(client *c, uint32_t events) {
  static char buffer[1 << 18];
  if (c->state == CONNECTING) {
    send_request(c, events);
    return;
  }
  ssize_t length = recv(c->fd, buffer, sizeof buffer, 0);
  total.receives++;
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) {
    return;
  }
  if (length <= 0) {
    lose(c, length ? strerror(errno) : "closed by the server");
    return;
  }
  total.bytes += (uint64_t)length;
  uint64_t now = nanos();
  if (c->state == HEADERS) {
    read_headers(c, buffer, (size_t)length, now);
  } else if (c->state == STREAMING) {
    read_body(c, buffer, (size_t)length, now);
  }
}

static void publish(int count) {
  char command[64];
  int length = snprintf(command, sizeof command, "B %d %d\n", count, opt.size);
  if (send(control, command, (size_t)length, MSG_NOSIGNAL) != length) {
    fail("the control port is gone: %s", strerror(errno));
  }
  total.published += (uint64_t)count;
}

static void on_timer(void) {
  uint64_t ticks;
  if (read(timer, &ticks, sizeof ticks) == sizeof ticks && ticking) {
    publish((int)ticks);
  }
}

static void poll_once(int millis) {
  static struct epoll_event events[1024];
  int count = epoll_wait(epoll, events, 1024, millis);
  for (int i = 0; i < count; i++) {
    uint64_t data = events[i].data.u64;
    if (data == CONTROL_EVENT) {
      fail("the server closed the control port");
    } else if (data == TIMER_EVENT) {
      on_timer();
    } else if (data == STDIN_EVENT) {
      char text[256];
      stdin_ended = read(STDIN_FILENO, text, sizeof text) <= 0;
    } else if (clients[data].fd >= 0) {
      handle(&clients[data], events[i].events);
    }
  }
}

/* ---- processes: ours and the server's, which runs on the same machine */

static double server_cpu(void) {
  char path[64], text[2048];
  unsigned long user, system;
  snprintf(path, sizeof path, "/proc/%d/stat", opt.server_pid);
  int fd = open(path, O_RDONLY);
  ssize_t length = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
  if (fd >= 0) {
    close(fd);
  }
  text[length > 0 ? length : 0] = 0;
  char *name_end = strrchr(text, ')');
  if (!name_end || sscanf(name_end + 2,
                          "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
                          &system) != 2) {
    return 0;
  }
  return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static double server_rss_kb(void) {
  char path[64];
  long pages = 0;
  snprintf(path, sizeof path, "/proc/%d/statm", opt.server_pid);
  FILE *file = fopen(path, "r");
  if (!file) {
    return 0;
  }
  if (fscanf(file, "%*d %ld", &pages) != 1) {
    pages = 0;
  }
  fclose(file);
  return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1024;
}

static double own_cpu(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* ---- the course of a run */

typedef struct {
  uint64_t at, events, bytes, receives, published;
  double server_cpu, own_cpu;
} instant;

static instant now_measured(void) {
  return (instant){nanos(),        total.events, total.bytes, total.receives,
                   total.published, server_cpu(), own_cpu()};
}

static void connect_all(void) {
  uint64_t begin = nanos();
  double cpu = server_cpu();
  int next = 0;
  while (streaming + closed < opt.clients) {
    while (next < opt.clients && connecting < opt.burst) {
      start_client(next++);
    }
    poll_once(100);
    if (seconds_since(begin) > opt.connect_timeout) {
      fail("only %d of %d streams are open after %.0f s", streaming, opt.clients,
           opt.connect_timeout);
    }
  }
  if (streaming < opt.clients && !opt.until_sequence) {
    fail("only %d of %d streams are open", streaming, opt.clients);
  }
  double seconds = (double)(all_streaming_at - begin) / 1e9;
  print("connect_seconds", seconds);
  print("connects_per_second", opt.clients / seconds);
  print("connect_p99_ms", quantile_millis(&connect_latency, .99));
  print("connect_server_cpu_s", server_cpu() - cpu);
  print("connected", streaming);
  fflush(stdout);
}

/* Keeps the flood's window filled, a quarter of it at a time. */
static void refill(void) {
  if (!opt.window) {
    return;
  }
  int room = opt.window - (int)(total.published - total.completed);
  int step = opt.window / 4 > 1 ? opt.window / 4 : 1;
  if (room >= step) {
    publish(room);
  }
}

static double rss_max;

static void run_for(double seconds) {
  uint64_t begin = nanos();
  uint64_t looked = 0;
  while (seconds_since(begin) < seconds && streaming > 0) {
    poll_once(10);
    complete();
    refill();
    if (nanos() - looked > NANOS_PER_SECOND / 5) {
      looked = nanos();
      double rss = server_rss_kb();
      rss_max = rss > rss_max ? rss : rss_max;
    }
  }
}

static void start_publishing(void) {
  if (opt.rate > 0) {
    uint64_t period = (uint64_t)(1e9 / opt.rate);
    struct itimerspec interval = {
        .it_interval = {.tv_sec = (time_t)(period / NANOS_PER_SECOND),
                        .tv_nsec = (long)(period % NANOS_PER_SECOND)}};
    interval.it_value = interval.it_interval;
    timerfd_settime(timer, 0, &interval, NULL);
    ticking = true;
  }
}

static void measure_baseline(void) {
  measured = &baseline_latency;
  run_for(opt.baseline);
  measured = NULL;
  for (int i = 0; i < opt.stalling; i++) {
    if (clients[i].fd >= 0) {
      watch(EPOLL_CTL_DEL, clients[i].fd, 0, 0);
    }
  }
  printf("stopped %llu\n", (unsigned long long)(nanos() / 1000000));
  fflush(stdout);
}

static void drain(void) {
  ticking = false;
  opt.window = 0;
  uint64_t begin = nanos();
  while (total.completed < total.published && seconds_since(begin) < opt.drain && streaming > 0) {
    poll_once(10);
    complete();
  }
}

static void print_measured(instant from, instant to) {
  double seconds = (double)(to.at - from.at) / 1e9;
  double events = (double)(to.events - from.events);
  print("seconds", seconds);
  print("events_per_second", events / seconds);
  print("published_per_second", (double)(to.published - from.published) / seconds);
  print("bytes_per_event", events ? (double)(to.bytes - from.bytes) / events : 0);
  print("receives_per_event", events ? (double)(to.receives - from.receives) / events : 0);
  print("server_cpu_us_per_event",
        events ? (to.server_cpu - from.server_cpu) * 1e6 / events : 0);
  print("server_cores", (to.server_cpu - from.server_cpu) / seconds);
  print("client_cores", (to.own_cpu - from.own_cpu) / seconds);
  print_latency("latency", &latency);
  print_latency("last", &latency_last);
  if (opt.stalling) {
    print_latency("baseline", &baseline_latency);
  }
}

static void print_totals(void) {
  print("published", (double)total.published);
  print("incomplete", total.published ? (double)(total.published - total.completed) : 0);
  print("lost", (double)total.lost);
  print("backwards", (double)total.backwards);
  print("broken", (double)total.broken);
  print("not_sse", (double)total.not_sse);
  print("unnumbered", (double)total.unnumbered);
  print("comments", (double)total.comments);
  print("rss_max_kb", rss_max);
}

static void run_load(void) {
  uint64_t begin = nanos();
  while (seconds_since(begin) < REGISTRATION_SECONDS) {
    poll_once(10);
  }
  start_publishing();
  run_for(opt.warmup);
  if (opt.stalling) {
    measure_baseline();
  }
  measured = &latency;
  measured_last = &latency_last;
  instant from = now_measured();
  run_for(opt.seconds);
  instant to = now_measured();
  measured = measured_last = NULL;
  run_for(opt.after);
  drain();
  print_measured(from, to);
  print_totals();
}

static void run_until(uint64_t begin, double cpu) {
  while (reached < opt.clients && seconds_since(begin) < opt.seconds && streaming > 0) {
    poll_once(100);
  }
  print("reached", reached);
  print("reached_seconds",
        (double)((all_reached_at ? all_reached_at : nanos()) - begin) / 1e9);
  print("reached_server_cpu_s", server_cpu() - cpu);
  print("events", (double)total.events);
  print_totals();
}

static void run_hold(void) {
  watch(EPOLL_CTL_ADD, STDIN_FILENO, EPOLLIN, STDIN_EVENT);
  while (!stdin_ended && streaming > 0) {
    poll_once(100);
  }
  print_totals();
}

/* ---- self-check: events whose lines, chunks and pieces end at every awkward place */

static size_t awkward_stream(char *out, int events) {
  static const int sizes[] = {1, 2, 3, 7, 50, 200};
  char *text = malloc((size_t)events * 128);
  size_t length = 0, end = 0;
  for (int i = 1; i <= events; i++) {
    const char *format = i % 2 ? ": c\r\nid: %d\r\nevent: x\rdata: %d 1 pad\r\n\r\n"
                               : ": c %d\ndata: %d 1 pad\ndata:second\n\n";
    length += (size_t)sprintf(text + length, format, i, i);
  }
  for (size_t at = 0; at < length;) {
    size_t chunk = (size_t)sizes[rand() % 6];
    if (chunk > length - at) {
      chunk = length - at;
    }
    end += (size_t)sprintf(out + end, "%zx%s\r\n", chunk, rand() % 2 ? ";ext=1" : "");
    memcpy(out + end, text + at, chunk);
    end += chunk;
    memcpy(out + end, "\r\n", 2);
    end += 2;
    at += chunk;
  }
  free(text);
  return end;
}

static int self_check(void) {
  enum { EVENTS = 1000 };
  static const size_t pieces[] = {1, 2, 5, 11, 400};
  char *stream = malloc(EVENTS * 1024);
  srand(1);
  size_t length = awkward_stream(stream, EVENTS);
  client c = {.fd = -1, .state = STREAMING, .chunked = true};
  opt.first_sequence = 1;
  reading = streaming = 1;
  for (size_t at = 0; at < length;) {
    size_t piece = pieces[rand() % 5];
    if (piece > length - at) {
      piece = length - at;
    }
    read_body(&c, stream + at, piece, nanos());
    at += piece;
  }
  free(stream);
  /* Then one is left out, and one comes twice: both have to be noticed. */
  const char *bad = "16\r\ndata: 1002 1\n\ndata: 10\r\n9\r\n02 1\n\n: x\r\n";
  read_body(&c, bad, strlen(bad), nanos());
  print("events", (double)total.events);
  print("completed", (double)total.completed);
  print("comments", (double)total.comments);
  print("lost", (double)total.lost);
  print("backwards", (double)total.backwards);
  print("broken", (double)total.broken);
  bool right = total.events == EVENTS + 2 && total.comments == EVENTS && total.lost == 1 &&
               total.backwards == 1 && total.broken == 0 && total.completed == EVENTS;
  return right ? 0 : 1;
}

/* ---- command line */

static const char *const USAGE =
    "usage: sseload --url http://ADDRESS:PORT/PATH [--clients N] [--sources ADDRESS..ADDRESS]\n"
    "  what happens: --control ADDRESS:PORT (--flood W | --rate R) [--size BYTES]\n"
    "                [--warmup S] [--seconds S] [--after S] [--drain S] [--stalling K --baseline S]\n"
    "           or:  --until-sequence N [--first-sequence N] [--last-event-id ID]\n"
    "           or:  --hold\n"
    "  besides: [--server-pid P] [--burst N] [--connect-timeout S]\n"
    "sseload --self-check";

static struct sockaddr_in address(const char *text) {
  char host[64];
  int port = 80;
  struct sockaddr_in result = {.sin_family = AF_INET};
  if (sscanf(text, "%63[0-9.]:%d", host, &port) < 1 ||
      inet_pton(AF_INET, host, &result.sin_addr) != 1) {
    fail("'%s' is not a numeric address and port, such as 127.0.0.1:8080", text);
  }
  result.sin_port = htons((uint16_t)port);
  return result;
}

static void parse_sources(const char *text) {
  char first[64], last[64];
  struct in_addr from, to;
  if (sscanf(text, "%63[0-9]", first) != 1 || !strstr(text, "..")) {
    fail("--sources is '%s' but must be a range such as 127.0.0.2..127.0.0.9", text);
  }
  size_t length = (size_t)(strstr(text, "..") - text);
  snprintf(first, sizeof first, "%.*s", (int)length, text);
  snprintf(last, sizeof last, "%s", text + length + 2);
  if (inet_pton(AF_INET, first, &from) != 1 || inet_pton(AF_INET, last, &to) != 1 ||
      ntohl(to.s_addr) < ntohl(from.s_addr)) {
    fail("--sources is '%s' but must be a range such as 127.0.0.2..127.0.0.9", text);
  }
  source_first = ntohl(from.s_addr);
  source_count = ntohl(to.s_addr) - source_first + 1;
}

static void parse_option(const char *name, const char *value) {
#define TAKE(option, field, parse) \
  if (!strcmp(name, option)) {     \
    opt.field = parse;             \
    return;                        \
  }
  TAKE("--url", url, value)
  TAKE("--control", control, value)
  TAKE("--last-event-id", last_event_id, value)
  TAKE("--clients", clients, atoi(value))
  TAKE("--size", size, atoi(value))
  TAKE("--flood", window, atoi(value))
  TAKE("--rate", rate, atof(value))
  TAKE("--warmup", warmup, atof(value))
  TAKE("--seconds", seconds, atof(value))
  TAKE("--baseline", baseline, atof(value))
  TAKE("--after", after, atof(value))
  TAKE("--drain", drain, atof(value))
  TAKE("--connect-timeout", connect_timeout, atof(value))
  TAKE("--stalling", stalling, atoi(value))
  TAKE("--burst", burst, atoi(value))
  TAKE("--server-pid", server_pid, atoi(value))
  TAKE("--first-sequence", first_sequence, strtoull(value, NULL, 10))
  TAKE("--until-sequence", until_sequence, strtoull(value, NULL, 10))
#undef TAKE
  if (!strcmp(name, "--sources")) {
    parse_sources(value);
    return;
  }
  fail("unknown argument '%s'\n%s", name, USAGE);
}

static void parse_arguments(int count, char **arguments) {
  for (int i = 1; i < count; i++) {
    if (!strcmp(arguments[i], "--hold")) {
      opt.hold = true;
    } else if (i + 1 < count) {
      parse_option(arguments[i], arguments[i + 1]);
      i++;
    } else {
      fail("'%s' is unknown or has no value\n%s", arguments[i], USAGE);
    }
  }
  if (!opt.url || strncmp(opt.url, "http://", 7)) {
    fail("%s", USAGE);
  }
  if ((opt.window || opt.rate > 0) && !opt.control) {
    fail("--flood and --rate need --control, by which events are published");
  }
}

static void prepare_request(void) {
  const char *authority = opt.url + 7;
  const char *path = strchr(authority, '/');
  int authority_length = path ? (int)(path - authority) : (int)strlen(authority);
  server = address(authority);
  int length = asprintf(&request,
                        "GET %s HTTP/1.1\r\nHost: %.*s\r\nAccept: text/event-stream\r\n"
                        "Cache-Control: no-cache\r\n%s%s%s\r\n",
                        path ? path : "/", authority_length, authority,
                        opt.last_event_id ? "Last-Event-ID: " : "",
                        opt.last_event_id ? opt.last_event_id : "",
                        opt.last_event_id ? "\r\n" : "");
  if (length < 0) {
    fail("out of memory");
  }
  request_length = (size_t)length;
}

static void prepare_sockets(void) {
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  epoll = epoll_create1(0);
  timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  watch(EPOLL_CTL_ADD, timer, EPOLLIN, TIMER_EVENT);
  if (opt.control) {
    struct sockaddr_in target = address(opt.control);
    int one = 1;
    control = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(control, (struct sockaddr *)&target, sizeof target)) {
      fail("control port %s: %s", opt.control, strerror(errno));
    }
    setsockopt(control, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    watch(EPOLL_CTL_ADD, control, EPOLLIN, CONTROL_EVENT);
  }
}

int main(int count, char **arguments) {
  if (count == 2 && !strcmp(arguments[1], "--self-check")) {
    return self_check();
  }
  parse_arguments(count, arguments);
  prepare_request();
  prepare_sockets();
  clients = calloc((size_t)opt.clients, sizeof *clients);
  for (int i = 0; i < opt.clients; i++) {
    clients[i].fd = -1;
    clients[i].stalling = i < opt.stalling;
  }
  reading = opt.clients - opt.stalling;
  uint64_t begin = nanos();
  double cpu = server_cpu();
  connect_all();
  if (opt.until_sequence) {
    run_until(begin, cpu);
  } else if (opt.hold) {
    run_hold();
  } else if (opt.window || opt.rate > 0) {
    run_load();
  } else {
    print_totals();
  }
  return 0;
}
