package dev.holdfast.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLIENT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.holdfast.client");

    @Test
    void theClientStandsAlone() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.holdfast.engine..", "dev.holdfast.server..", "dev.holdfast.cli..")
                .because("whoever uses the client has it on the class path, and nothing of the server")
                .check(CLIENT);
    }

    @Test
    void theTransportKnowsNoKeys() {
        noClasses()
                .that()
                .resideInAPackage("dev.holdfast.client.transport..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.holdfast.client", "dev.holdfast.client.cache..")
                .because("an edge goes to its origins by it")
                .check(CLIENT);
    }

    @Test
    void theCacheKnowsNoHttp() {
        noClasses()
                .that()
                .resideInAPackage("dev.holdfast.client.cache..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "dev.holdfast.client")
                .because("what is kept does not depend on how it came")
                .allowEmptyShould(true)
                .check(CLIENT);
    }

    @Test
    void timeHasOneDoor() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.holdfast.client.transport.SystemTime")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocalRandom.class)
                .because("tests run on time that they move themselves")
                .check(CLIENT);
    }

    @Test
    void onlyTheBinderNeedsMicrometer() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.holdfast.client.metrics..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.micrometer..")
                .because("it is optional")
                .check(CLIENT);
    }
}
