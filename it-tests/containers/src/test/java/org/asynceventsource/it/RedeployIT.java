package org.asynceventsource.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.asynceventsource.test.EventStreamRecorder;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.OperateOnDeployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ArquillianExtension.class)
@TestMethodOrder(OrderAnnotation.class)
@DisplayName("An application that is deployed again and again")
class RedeployIT {

  private static final String NAME = "redeployed";

  private static final int LONG_RUN = 50;
  private static final int TIMES = Boolean.getBoolean("it.long") ? LONG_RUN : 10;

  private static final String CLASSES = "it.classes";
  private static final String METASPACE = "it.metaspace";
  private static final String NEIGHBOURS = "it-neighbour"; // Neighbour.MARK, which isn't here

  /**
   * Less than one deployment has: the container and the JDK load some of their own later on, such
   * as for what is called by reflection (549 in Payara Micro in the long run).
   */
  private static final long FEW_CLASSES = 1_000;

  /**
   * Less than the classes of one deployment take; of one and a half after fifty, since there is
   * also kept how often the container's own methods run, which grows as they do (by 9.5 MB in
   * Payara).
   */
  private static final long GROWTH = 8 << 20;

  /**
   * How many former deployments' class loaders the container itself may hold, as its JVM is told.
   * Open Liberty 26.0.0.3 holds those whose classes were the first to ask for a logger that others
   * of the same name, or below, still need (its {@code TraceComponent}). A thread that WildFly
   * 39.0.1 has for requests holds what it was begun for as long as it lives, idle or not (its
   * {@code EnhancedQueueExecutor}, as heap dumps show), and a few begin for one that ends.
   */
  private static final int HELD = Integer.getInteger("it.held", 0);

  /** GlassFish 8.0.0 holds each that there has been: its {@code DeployCommand} does. */
  private static final boolean ALL_HELD = Boolean.getBoolean("it.held.all");

  private static final int FEW = 5;
  private static final int COLLECTIONS = 50;

  @Deployment(name = NAME, managed = false)
  static WebArchive war() {
    return ShrinkWrap.create(WebArchive.class, NAME + ".war")
        .merge(EventSourceWar.unchanged())
        .addClass(LoaderWitness.class);
  }

  @Test
  @Order(1)
  @RunAsClient
  @DisplayName("is deployed")
  void deploys(@ArquillianResource Deployer deployer) {
    deployer.deploy(NAME);
  }

  @Test
  @Order(2)
  @RunAsClient
  @OperateOnDeployment(NAME)
  @DisplayName("is used")
  void uses(@ArquillianResource URI application) throws IOException {
    use(application);
  }

  @Test
  @Order(3)
  @OperateOnDeployment(NAME)
  @DisplayName("takes what its classes take")
  void takes() throws InterruptedException {
    collect();
    System.setProperty(CLASSES, Long.toString(classes()));
    System.setProperty(METASPACE, Long.toString(metaspace()));
  }

  @Test
  @Order(4)
  @RunAsClient
  @OperateOnDeployment(NAME)
  @DisplayName("is undeployed, deployed and used, ten times, fifty in the long run")
  void redeploys(@ArquillianResource Deployer deployer, @ArquillianResource URI application)
      throws IOException {
    for (int i = 0; i < TIMES; i++) {
      deployer.undeploy(NAME);
      deployer.deploy(NAME);
      use(application);
    }
  }

  @Test
  @Order(5)
  @OperateOnDeployment(NAME)
  @DisplayName(
      "leaves no event source, no thread and, but in GlassFish, no class the container doesn't hold")
  void leavesNothing() throws InterruptedException {
    collect();

    assertTrue(LoaderWitness.count() > 10, () -> LoaderWitness.count() + " deployments");
    assertEquals(LoaderWitness.count() - 1, LoaderWitness.stopped());
    assertEquals(0, LoaderWitness.stoppedAlive());
    assertEquals(List.of(), threadsOfOthers());
    if (ALL_HELD) {
      return;
    }
    long held = LoaderWitness.alive() - 1;
    assertTrue(
        held <= HELD,
        () -> held + " class loaders of former deployments, as in " + LoaderWitness.dumpHeap());
    if (held > 0) {
      return; // and their classes
    }
    long more = classes() - Long.getLong(CLASSES);
    assertTrue(more < FEW_CLASSES, () -> more + " classes more");
    long growth = metaspace() - Long.getLong(METASPACE);
    long bound = LoaderWitness.count() > LONG_RUN ? GROWTH + GROWTH / 2 : GROWTH;
    assertTrue(growth < bound, () -> "classes take more: " + growth);
  }

  @Test
  @Order(6)
  @RunAsClient
  @DisplayName("is undeployed, and the container's own detector has found no leak, nor before")
  void undeploys(@ArquillianResource Deployer deployer) throws IOException {
    deployer.undeploy(NAME);

    assertEquals(List.of(), Leaks.until(NAME));
  }

  /** Opens a stream, which stays open, and publishes an event. */
  private static void use(URI application) throws IOException {
    RunningWar war = new RunningWar(application);
    EventStreamRecorder stream = war.open().stream();
    stream.assertOpened();
    war.publish("application/json", "{\"data\":\"a\"}");
    stream.assertEvent(null, "message", "a");
  }

  /** Until nothing but this deployment is left, or long enough. */
  private static void collect() throws InterruptedException {
    for (int i = 0; i < FEW || (i < COLLECTIONS && isLeft()); i++) {
      System.gc();
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static boolean isLeft() {
    return LoaderWitness.stoppedAlive() > 0 || LoaderWitness.alive() > 1 + HELD;
  }

  private static long classes() {
    return ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
  }

  private static long metaspace() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getName().equals("Metaspace"))
        .map(MemoryPoolMXBean::getUsage)
        .findFirst()
        .orElseThrow()
        .getUsed();
  }

  /** Threads of ours that another deployment has left, and that aren't the neighbour's. */
  private static List<String> threadsOfOthers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("eventsource-"))
        .filter(thread -> !isOwn(thread.getContextClassLoader()))
        .filter(thread -> !isNeighbours(thread.getContextClassLoader()))
        .map(Thread::getName)
        .toList();
  }

  private static boolean isNeighbours(ClassLoader loader) {
    return loader != null && loader.getResource(NEIGHBOURS) != null;
  }

  /** By what it loads: Open Liberty gives threads a loader that stands for the application's. */
  private static boolean isOwn(ClassLoader loader) {
    try {
      String name = LoaderWitness.class.getName();
      return Class.forName(name, false, loader) == LoaderWitness.class;
    } catch (ClassNotFoundException | IllegalStateException stopped) {
      return false;
    }
  }
}
