package org.asynceventsource.bench.peer;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Spring MVC's {@link SseEmitter} on Tomcat; an application has to keep and loop over them. */
@EnableWebMvc
@RestController
public class SpringSseEmitter implements Broadcast {

  private static final long NO_TIMEOUT = 0;

  private final Queue<SseEmitter> clients = new ConcurrentLinkedQueue<>();

  public static void main(String[] arguments) throws Exception {
    AnnotationConfigWebApplicationContext spring = new AnnotationConfigWebApplicationContext();
    spring.register(SpringSseEmitter.class);
    TomcatPeer tomcat = new TomcatPeer();
    Wrapper servlet = Tomcat.addServlet(tomcat.context(), "spring", new DispatcherServlet(spring));
    servlet.setAsyncSupported(true);
    servlet.setLoadOnStartup(1);
    tomcat.context().addServletMappingDecoded("/", "spring");
    tomcat.serve(data -> spring.getBean(SpringSseEmitter.class).send(data));
  }

  /** A client comes; it gets a comment, without which Spring keeps the headers to itself. */
  @GetMapping(path = Peers.PATH, produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  public SseEmitter open() throws IOException {
    SseEmitter client = new SseEmitter(NO_TIMEOUT);
    client.onCompletion(() -> clients.remove(client));
    client.send(SseEmitter.event().comment("open")); // sent when this method is done
    clients.add(client);
    return client;
  }

  @Override
  public String send(String data) {
    clients.removeIf(client -> !send(client, data));
    return "";
  }

  private static boolean send(SseEmitter client, String data) {
    try {
      client.send(data);
      return true;
    } catch (IOException | IllegalStateException gone) {
      return false;
    }
  }
}
