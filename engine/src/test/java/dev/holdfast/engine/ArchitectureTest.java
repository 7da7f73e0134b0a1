package dev.holdfast.engine;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.BaseStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rooms of the house, the arrows between them, and the one door to time. */
class ArchitectureTest {
    /** From the top of the house to its foundations. A room may use those after it in this list. */
    private static final List<String> ROOMS =
            List.of("admission", "audit", "incident", "edge", "replication", "provider", "kv", "time");

    private static final JavaClasses ENGINE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.holdfast.engine");

    static List<String> rooms() {
        return ROOMS;
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void arrowsPointDown(String room) {
        String[] above = packages(ROOMS.subList(0, ROOMS.indexOf(room)));
        noClasses()
                .that(resideInAPackage(packageOf(room)))
                .should()
                .dependOnClassesThat(resideInAnyPackage(above))
                .because("arrows between rooms only point down: what is below must be"
                        + " understandable, testable and replaceable without what is above; turn the arrow with an"
                        + " interface in the lower room")
                .allowEmptyShould(true)
                .check(ENGINE);
    }

    @Test
    void everyClassIsInARoom() {
        classes()
                .should()
                .resideInAnyPackage(packages(ROOMS))
                .because("a class outside the rooms has no place in the order of dependencies")
                .check(ENGINE);
    }

    @Test
    void engineKnowsNoHttpAndNoVendor() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                "dev.holdfast.engine..",
                                "java..",
                                "javax.crypto..",
                                "org.jspecify..",
                                "org.slf4j..",
                                "com.dynatrace.hash4j..",
                                "com.github.benmanes.caffeine..")
                        .and(DescribedPredicate.not(resideInAPackage("java.net.http.."))))
                .because("the engine is simulated whole: HTTP belongs to the server, and an SDK to its provider's"
                        + " module")
                .check(ENGINE);
    }

    @Test
    void timeHasOneDoor() {
        noClasses()
                .that()
                .resideOutsideOfPackage(packageOf("time"))
                .should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "is a clock, a sleep, a timed wait, a thread or a source of randomness",
                        ArchitectureTest::goesAroundTheDoor))
                .because("clocks, sleeping, threads and randomness are reached through dev.holdfast.engine.time only; a"
                        + " call around that door cannot be simulated, so its failures cannot be replayed from a"
                        + " seed")
                .check(ENGINE);
    }

    private static String packageOf(String room) {
        return "dev.holdfast.engine." + room + "..";
    }

    private static String[] packages(List<String> rooms) {
        return rooms.stream().map(ArchitectureTest::packageOf).toArray(String[]::new);
    }

    /** Methods that are forbidden whatever their parameters; "new" is a constructor. */
    private static final Map<Class<?>, Set<String>> FORBIDDEN = Map.ofEntries(
            Map.entry(System.class, Set.of("currentTimeMillis", "nanoTime")),
            Map.entry(Thread.class, Set.of("new", "sleep", "ofVirtual", "ofPlatform", "startVirtualThread")),
            Map.entry(LockSupport.class, Set.of("parkNanos", "parkUntil")),
            Map.entry(Condition.class, Set.of("awaitNanos", "awaitUntil")),
            Map.entry(TimeUnit.class, Set.of("sleep", "timedWait", "timedJoin")),
            Map.entry(CompletableFuture.class, Set.of("delayedExecutor", "orTimeout", "completeOnTimeout")),
            Map.entry(java.util.Timer.class, Set.of("new")),
            Map.entry(java.util.Collection.class, Set.of("parallelStream")),
            Map.entry(BaseStream.class, Set.of("parallel")),
            Map.entry(Math.class, Set.of("random")),
            Map.entry(StrictMath.class, Set.of("random")),
            Map.entry(UUID.class, Set.of("randomUUID")),
            Map.entry(ThreadLocalRandom.class, Set.of("current")),
            Map.entry(RandomGenerator.class, Set.of("getDefault", "of")),
            Map.entry(java.security.SecureRandom.class, Set.of("new", "getInstance", "getInstanceStrong")),
            Map.entry(java.time.Clock.class, Set.of("systemUTC", "systemDefaultZone", "system", "tickMillis")));

    private static boolean goesAroundTheDoor(JavaAccess<?> access) {
        AccessTarget target = access.getTarget();
        return target instanceof CodeUnitAccessTarget code
                && !code.getOwner().getPackageName().startsWith("dev.holdfast")
                && (isForbidden(code) || isTimedWait(code) || hidesItsSeed(code) || hidesItsThreads(code));
    }

    private static boolean isForbidden(CodeUnitAccessTarget code) {
        return FORBIDDEN.entrySet().stream()
                .anyMatch(entry -> code.getOwner().isAssignableTo(entry.getKey())
                        && entry.getValue().contains(nameOf(code)));
    }

    private static boolean isTimedWait(CodeUnitAccessTarget code) {
        JavaClass owner = code.getOwner();
        String name = nameOf(code);
        boolean takesTime = IntStream.range(0, code.getRawParameterTypes().size())
                .mapToObj(code.getRawParameterTypes()::get)
                .anyMatch(type -> type.isEquivalentTo(long.class) || type.isEquivalentTo(java.time.Duration.class));
        return (owner.getPackageName().equals("java.time") && name.equals("now"))
                || (takesTime && name.equals("wait"))
                || (takesTime && owner.isAssignableTo(Thread.class) && name.equals("join"))
                || (takesTime
                        && !owner.isEquivalentTo(TimeUnit.class)
                        && takes(code, TimeUnit.class)
                        && (owner.getPackageName().startsWith("java.util.concurrent")
                                || owner.getPackageName().equals("java.lang")));
    }

    private static boolean hidesItsSeed(CodeUnitAccessTarget code) {
        JavaClass owner = code.getOwner();
        boolean noParameters = code.getRawParameterTypes().isEmpty();
        return (nameOf(code).equals("new")
                        && noParameters
                        && (owner.isEquivalentTo(Random.class) || owner.isEquivalentTo(SplittableRandom.class)))
                || (owner.isEquivalentTo(Collections.class)
                        && nameOf(code).equals("shuffle")
                        && !takes(code, Random.class)
                        && !takes(code, RandomGenerator.class));
    }

    private static boolean hidesItsThreads(CodeUnitAccessTarget code) {
        JavaClass owner = code.getOwner();
        return owner.isEquivalentTo(Executors.class)
                || (nameOf(code).equals("new")
                        && assignableTo(ExecutorService.class).test(owner))
                || (owner.isAssignableTo(java.util.concurrent.CompletionStage.class)
                        && nameOf(code).endsWith("Async"));
    }

    private static boolean takes(CodeUnitAccessTarget code, Class<?> type) {
        return code.getRawParameterTypes().stream().anyMatch(parameter -> parameter.isEquivalentTo(type));
    }

    private static String nameOf(CodeUnitAccessTarget code) {
        return code.getName().equals("<init>") ? "new" : code.getName();
    }
}
