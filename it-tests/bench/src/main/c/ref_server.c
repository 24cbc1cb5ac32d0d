/*
 * The reference: what is left of an event stream server when there is nothing but the kernel.
 * One thread, epoll, a ring of frames that are encoded once; a client is a descriptor and an offset
 * in the ring. Linux only; gcc -O2 -o ref_server ref_server.c
 *
 * --mode direct:   one send() per client per event, as servers do that don't merge
 * --mode coalesce: one send() per client per wake-up, with all events that are pending
 *
 * It serves any path with chunked bodies, one chunk an event, on a free port of the loopback
 * address, and prints "ready PORT CONTROL-PORT". Commands on the control port, one line each:
 * "B <count> <size>" broadcasts, "I" answers the newest event's sequence and id, which are the same. Ids
 * are not on the wire; "Last-Event-ID: <sequence>" resumes behind that event.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define RING (1ull << 26)
#define LARGEST_EVENT 65536
#define REMEMBERED 65536 /* events whose offsets are known, for clients that resume */
#define DESCRIPTORS 65536

enum kind { HTTP_LISTENER, CONTROL_LISTENER, REQUEST, STREAM, CONTROL, DEAD };

typedef struct connection {
  enum kind kind;
  int fd;
  int index;      /* of a stream, among all streams */
  bool blocked;   /* its send buffer is full; epoll tells when it isn't */
  uint64_t offset; /* of the next byte to send */
  size_t length;
  struct connection *next_dead;
  char text[1024]; /* received and not understood yet */
} connection;

static int epoll;
static bool coalesce;
static char *ring;
static uint64_t head; /* offset behind the newest event; offsets only grow */
static uint64_t sequence;
static uint64_t offsets[REMEMBERED];
static connection *streams[DESCRIPTORS];
static int stream_count;
static connection *dead; /* freed when no event of this wake-up can be theirs any more */

static uint64_t nanos(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static void watch(int operation, connection *c, uint32_t events) {
  struct epoll_event event = {.events = events, .data.ptr = c};
  epoll_ctl(epoll, operation, c->fd, &event);
}

static void drop(connection *c) {
  if (c->kind == STREAM) {
    streams[c->index] = streams[--stream_count];
    streams[c->index]->index = c->index;
  }
  close(c->fd);
  c->kind = DEAD;
  c->next_dead = dead;
  dead = c;
}

static void free_dead(void) {
  while (dead) {
    connection *c = dead;
    dead = c->next_dead;
    free(c);
  }
}

/* Sends what is pending; false if the client is gone, or half a ring behind. */
static bool push(connection *c) {
  while (c->offset < head) {
    uint64_t pending = head - c->offset;
    uint64_t at = c->offset % RING;
    if (pending > RING / 2) {
      return false;
    }
    if (at + pending > RING) {
      pending = RING - at;
    }
    ssize_t sent = send(c->fd, ring + at, pending, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
      if (errno != EAGAIN) {
        return false;
      }
      if (!c->blocked) {
        c->blocked = true;
        watch(EPOLL_CTL_MOD, c, EPOLLIN | EPOLLOUT);
      }
      return true;
    }
    c->offset += (uint64_t)sent;
  }
  if (c->blocked) {
    c->blocked = false;
    watch(EPOLL_CTL_MOD, c, EPOLLIN);
  }
  return true;
}

static void push_all(void) {
  for (int i = 0; i < stream_count;) {
    connection *c = streams[i];
    bool untouched = c->blocked && head - c->offset <= RING / 2;
    if (untouched || push(c)) {
      i++;
    } else {
      drop(c); /* another takes its place */
    }
  }
}

static void append(const char *bytes, size_t length) {
  uint64_t at = head % RING;
  size_t first = at + length > RING ? (size_t)(RING - at) : length;
  offsets[sequence % REMEMBERED] = head;
  memcpy(ring + at, bytes, first);
  memcpy(ring, bytes + first, length - first);
  head += length;
}

static void broadcast(int size) {
  static char frame[LARGEST_EVENT + 256];
  char numbers[64];
  int length = snprintf(numbers, sizeof numbers, "%llu %llu ", (unsigned long long)++sequence,
                        (unsigned long long)nanos());
  if (size < length) {
    size = length;
  }
  if (size > LARGEST_EVENT) {
    size = LARGEST_EVENT;
  }
  size_t end = (size_t)sprintf(frame, "%x\r\ndata: %s", size + 8, numbers);
  memset(frame + end, 'x', (size_t)(size - length));
  end += (size_t)(size - length);
  memcpy(frame + end, "\n\n\r\n", 4);
  append(frame, end + 4);
  if (!coalesce) {
    push_all();
  }
}

static uint64_t resume_offset(const char *request) {
  const char *field = strcasestr(request, "\r\nLast-Event-ID:");
  if (field) {
    uint64_t id = strtoull(field + strlen("\r\nLast-Event-ID:"), NULL, 10);
    if (id < sequence && sequence - id < REMEMBERED) {
      return offsets[(id + 1) % REMEMBERED];
    }
  }
  return head;
}

static void open_stream(connection *c) {
  static const char header[] =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
      "Transfer-Encoding: chunked\r\n\r\n";
  send(c->fd, header, sizeof header - 1, MSG_NOSIGNAL);
  c->kind = STREAM;
  c->offset = resume_offset(c->text);
  c->index = stream_count;
  c->length = 0;
  streams[stream_count++] = c;
  if (!push(c)) {
    drop(c);
  }
}

static void execute(connection *c, const char *command) {
  int count, size;
  if (sscanf(command, "B %d %d", &count, &size) == 2) {
    for (int i = 0; i < count; i++) {
      broadcast(size);
    }
  } else if (!strcmp(command, "I")) {
    char answer[64];
    unsigned long long newest = sequence;
    int length = snprintf(answer, sizeof answer, "%llu %llu\n", newest, newest);
    send(c->fd, answer, (size_t)length, MSG_NOSIGNAL);
  } else {
    fprintf(stderr, "ref_server: unknown command '%s'\n", command);
    exit(2);
  }
}

static void read_commands(connection *c) {
  char *line = c->text;
  char *end;
  while ((end = memchr(line, '\n', (size_t)(c->text + c->length - line)))) {
    *end = 0;
    execute(c, line);
    line = end + 1;
  }
  c->length -= (size_t)(line - c->text);
  memmove(c->text, line, c->length);
  if (coalesce) {
    push_all();
  }
}

static void on_readable(connection *c) {
  ssize_t length = recv(c->fd, c->text + c->length, sizeof c->text - 1 - c->length, 0);
  if (length <= 0) {
    if (length == 0 || errno != EAGAIN) {
      drop(c);
    }
    return;
  }
  c->length += (size_t)length;
  c->text[c->length] = 0;
  if (c->kind == CONTROL) {
    read_commands(c);
  } else if (c->kind == STREAM) {
    c->length = 0;
  } else if (strstr(c->text, "\r\n\r\n")) {
    open_stream(c);
  }
}

static void accept_all(connection *listener) {
  int one = 1;
  for (;;) {
    int fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK);
    if (fd < 0) {
      return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    connection *c = calloc(1, sizeof *c);
    c->fd = fd;
    c->kind = listener->kind == HTTP_LISTENER ? REQUEST : CONTROL;
    watch(EPOLL_CTL_ADD, c, EPOLLIN);
  }
}

static int listen_on(connection *listener, enum kind kind) {
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  listener->kind = kind;
  listener->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (bind(listener->fd, (struct sockaddr *)&address, length) || listen(listener->fd, 4096) ||
      getsockname(listener->fd, (struct sockaddr *)&address, &length)) {
    perror("ref_server: listen");
    exit(2);
  }
  watch(EPOLL_CTL_ADD, listener, EPOLLIN);
  return ntohs(address.sin_port);
}

static void on_event(connection *c, uint32_t events) {
  if (c->kind == HTTP_LISTENER || c->kind == CONTROL_LISTENER) {
    accept_all(c);
    return;
  }
  if (c->kind == DEAD) {
    return;
  }
  if ((events & EPOLLOUT) && !push(c)) {
    drop(c);
    return;
  }
  if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
    on_readable(c);
  }
}

int main(int count, char **arguments) {
  static connection http, control;
  static struct epoll_event events[1024];
  if (count != 3 || strcmp(arguments[1], "--mode") ||
      (strcmp(arguments[2], "direct") && strcmp(arguments[2], "coalesce"))) {
    fprintf(stderr, "usage: ref_server --mode direct|coalesce\n");
    return 2;
  }
  coalesce = !strcmp(arguments[2], "coalesce");
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  ring = malloc(RING);
  epoll = epoll_create1(0);
  int http_port = listen_on(&http, HTTP_LISTENER);
  int control_port = listen_on(&control, CONTROL_LISTENER);
  printf("ready %d %d\n", http_port, control_port);
  fflush(stdout);
  for (;;) {
    int ready = epoll_wait(epoll, events, 1024, -1);
    for (int i = 0; i < ready; i++) {
      on_event(events[i].data.ptr, events[i].events);
    }
    free_dead();
  }
}
