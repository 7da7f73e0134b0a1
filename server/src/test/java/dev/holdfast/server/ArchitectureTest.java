package dev.holdfast.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void onlyTheCompositionRootKnowsProviders() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.holdfast.server.main..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.holdfast.providers..")
                .because("a provider is chosen by name in the configuration; the rest of the server sees its contract")
                .check(new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("dev.holdfast.server"));
    }
}
