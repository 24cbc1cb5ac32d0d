package org.asynceventsource;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.stream.Stream;
import org.asynceventsource.wire.Frame;
import org.asynceventsource.wire.FrameBatch;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The packages and what each may use, so that an event's way through them keeps one direction. */
@DisplayName("The library's code")
class ArchitectureTest {

  private static final String OURS = "org.asynceventsource";
  private static final String ROOT = "";
  private static final String[] STREAM_AND_BUS = {OURS + ".stream..", OURS + ".bus.."};

  /** Package, and the others of ours that it may use besides the root, which all may use. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          Map.entry(ROOT, Set.of()),
          Map.entry("wire", Set.of()),
          Map.entry("spi", Set.of("wire")),
          Map.entry("log", Set.of("spi", "wire")),
          Map.entry("stream", Set.of("spi", "wire")),
          Map.entry("bus", Set.of("spi")),
          Map.entry("security", Set.of("spi", "stream")),
          Map.entry("middleware", Set.of("spi", "stream")),
          Map.entry("servlet", Set.of("stream", "spi")),
          Map.entry("metrics", Set.of("spi")),
          Map.entry(
              "boot",
              Set.of(
                  "wire",
                  "spi",
                  "log",
                  "stream",
                  "bus",
                  "security",
                  "middleware",
                  "servlet",
                  "metrics")));

  static final Set<String> PACKAGES = MAY_USE.keySet();

  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(OURS);

  @ParameterizedTest(name = "package \"{0}\"")
  @FieldSource("PACKAGES")
  @DisplayName("uses other packages of ours only as the table says")
  void packages(String name) {
    String[] allowed =
        Stream.concat(Stream.of(ROOT, name), MAY_USE.get(name).stream())
            .map(ArchitectureTest::pattern)
            .toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage(pattern(name))
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage(OURS + "..").or(resideInAnyPackage(allowed)))
        .allowEmptyShould(true)
        .check(CODE);
  }

  @Test
  @DisplayName("has no package that the table doesn't name")
  void noOtherPackages() {
    assertThat(CODE)
        .isNotEmpty()
        .allMatch(
            type -> PACKAGES.stream().anyMatch(name -> resideInAPackage(pattern(name)).test(type)));
  }

  @Test
  @DisplayName("has no cycles between packages")
  void noCycles() {
    slices().matching(OURS + ".(*)..").should().beFreeOfCycles().check(CODE);
  }

  @Test
  @DisplayName("is null-marked in every package")
  void nullMarked() {
    assertThat(CODE)
        .extracting(JavaClass::getPackage)
        .allMatch(onePackage -> onePackage.isAnnotatedWith(NullMarked.class));
  }

  @Test
  @DisplayName("has no unbounded queue or executor where events pass")
  void nothingUnbounded() {
    noClasses()
        .that()
        .resideInAnyPackage(STREAM_AND_BUS)
        .should()
        .accessTargetWhere(describe("unbounded", ArchitectureTest::isUnbounded))
        .check(CODE);
  }

  @Test
  @DisplayName("writes frames to clients in one package only")
  void oneWriter() {
    noClasses()
        .that()
        .resideOutsideOfPackages(OURS + ".stream..", OURS + ".wire..")
        .should()
        .accessTargetWhere(describe("writing a frame", ArchitectureTest::writesFrame))
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(WriteListener.class)
        .check(CODE);
  }

  @Test
  @DisplayName("answers other than streams in one place a package")
  void plainAnswers() {
    noClasses()
        .that()
        .resideOutsideOfPackage(OURS + ".stream..")
        .and()
        .doNotHaveSimpleName("PlainAnswer")
        .should()
        .accessTargetWhere(describe("opening a response's body", ArchitectureTest::opensBody))
        .check(CODE);
  }

  @Test
  @DisplayName("keeps classes of storage engines within the logs")
  void enginesStayInside() {
    noClasses()
        .that()
        .resideOutsideOfPackage(OURS + ".log..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("redis.clients..", "org.h2..", "org.postgresql..")
        .check(CODE);
  }

  @Test
  @DisplayName("keeps the library for signed tokens within one package")
  void signedTokensStayInside() {
    noClasses()
        .that()
        .resideOutsideOfPackage(OURS + ".security.jwt")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.nimbusds..")
        .check(CODE);
  }

  @Test
  @DisplayName("logs by System.Logger alone")
  void logging() {
    GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(CODE);
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.slf4j..", "org.jboss.logging..")
        .check(CODE);
  }

  private static String pattern(String name) {
    return name.equals(ROOT) ? OURS : OURS + '.' + name + "..";
  }

  private static boolean isUnbounded(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    return owner.isEquivalentTo(Executors.class)
        || owner.isAssignableTo(ScheduledThreadPoolExecutor.class)
        || owner.isAssignableTo(Timer.class)
        || isUnboundedQueue(access)
        || runsInTheCommonPool(access);
  }

  /** Queues of java.util itself belong to one thread, whose code shows their bound. */
  private static boolean isUnboundedQueue(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    boolean withCapacity =
        owner.getSimpleName().startsWith("LinkedBlocking") && hasParameter(access, int.class);
    return access instanceof JavaConstructorCall
        && owner.isAssignableTo(Queue.class)
        && owner.getPackageName().equals("java.util.concurrent")
        && !owner.isEquivalentTo(ArrayBlockingQueue.class)
        && !owner.isEquivalentTo(SynchronousQueue.class)
        && !withCapacity;
  }

  private static boolean runsInTheCommonPool(JavaAccess<?> access) {
    return access.getTargetOwner().isAssignableTo(CompletionStage.class)
        && access.getName().endsWith("Async")
        && !hasParameter(access, Executor.class);
  }

  private static boolean hasParameter(JavaAccess<?> access, Class<?> type) {
    return access.getTarget() instanceof CodeUnitCallTarget target
        && target.getRawParameterTypes().stream().anyMatch(raw -> raw.isEquivalentTo(type));
  }

  private static boolean writesFrame(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    return access.getName().equals("writeTo")
        && (owner.isEquivalentTo(Frame.class) || owner.isEquivalentTo(FrameBatch.class));
  }

  private static boolean opensBody(JavaAccess<?> access) {
    return access.getTargetOwner().isAssignableTo(ServletResponse.class)
        && Set.of("getOutputStream", "getWriter").contains(access.getName());
  }
}
