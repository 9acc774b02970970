package io.migratekit.shell.rules;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceMachines;
import io.migratekit.source.SourceSnapshot;
import io.migratekit.volume.Attachment;
import io.migratekit.volume.Volumes;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class ModuleRulesTest {
    private static final String NBD = "io.migratekit.nbd..";
    private static final String SOURCE = "io.migratekit.source..";
    private static final String TARGET = "io.migratekit.target..";
    private static final String VOLUME = "io.migratekit.volume..";
    private static final String CONFIG = "io.migratekit.config..";
    private static final String JOB = "io.migratekit.job..";
    private static final String SHELL = "io.migratekit.shell..";

    private static JavaClasses all;

    @BeforeAll
    static void readClasses() {
        all = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages("io.migratekit");
    }

    @Test
    void theProtocolKnowsNobody() {
        knowsNot(NBD, SOURCE, TARGET, VOLUME, CONFIG, JOB, SHELL);
        classes()
                .that()
                .resideInAPackage(NBD)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        NBD, "java..", "javax.net.ssl..", "javax.crypto..", "org.jspecify..", "com.sun.jna..")
                .check(all);
    }

    @Test
    void readersKnowTheProtocolAlone() {
        knowsNot(SOURCE, TARGET, VOLUME, CONFIG, JOB, SHELL);
    }

    @Test
    void writersKnowReadersAndTheProtocol() {
        knowsNot(TARGET, VOLUME, CONFIG, JOB, SHELL);
    }

    @Test
    void volumesKnowTheProtocolAndSettingsAlone() {
        knowsNot(VOLUME, SOURCE, TARGET, JOB, SHELL);
    }

    @Test
    void onlyTheVolumeDaemonKnowsACloudADeviceOrAnExportEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackages(VOLUME, "io.migratekit.shell.account..", "io.migratekit.shell.volume..")
                .should()
                .dependOnClassesThat(resideInAPackage(VOLUME)
                        .and(not(resideInAnyPackage(
                                "io.migratekit.volume",
                                "io.migratekit.volume.image..",
                                "io.migratekit.volume.daemon..",
                                "io.migratekit.volume.web.."))))
                .orShould()
                .callMethod(Attachment.class, "devicePath")
                .orShould()
                .callMethod(Volumes.class, "volumeAt", String.class)
                .check(all);
    }

    @Test
    void settingsKnowNobody() {
        knowsNot(CONFIG, NBD, SOURCE, TARGET, VOLUME, JOB, SHELL);
    }

    @Test
    void jobsDoNotKnowTheConsole() {
        knowsNot(JOB, SHELL);
    }

    @Test
    void modulesHaveNoCycles() {
        slices().matching("io.migratekit.(*)..").should().beFreeOfCycles().check(all);
    }

    @Test
    void onlyTheConsoleKnowsSpringShellAndTheTerminal() {
        noClasses()
                .that()
                .resideOutsideOfPackage(SHELL)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework.shell..", "org.jline..")
                .check(all);
    }

    @Test
    void beansGetWhatTheyNeedThroughTheirConstructors() {
        noFields()
                .should()
                .beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
                .orShould()
                .beAnnotatedWith("org.springframework.beans.factory.annotation.Value")
                .allowEmptyShould(true)
                .check(all);
    }

    @Test
    void adaptersOfSourcesAreNotPublic() {
        classes()
                .that()
                .areAssignableTo(SourceMachine.class)
                .or()
                .areAssignableTo(SourceMachines.class)
                .or()
                .areAssignableTo(SourceSnapshot.class)
                .and()
                .areNotInterfaces()
                .should()
                .notHaveModifier(JavaModifier.PUBLIC)
                .check(all);
    }

    @Test
    void nothingIsWrittenPastTheLogAndTheScreen() {
        noClasses()
                .that()
                .resideOutsideOfPackage(SHELL)
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(all);
    }

    @Test
    void everyPackageSaysWhatItHoldsAndIsNullMarked() {
        Set<String> silent = new TreeSet<>();
        all.stream().map(type -> type.getPackageName()).distinct().forEach(name -> {
            if (!isNullMarked(name)) {
                silent.add(name);
            }
        });
        assertThat(silent).as("packages without a @NullMarked package-info").isEmpty();
    }

    @Test
    void noPackageIsADrawer() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..impl..", "..misc..")
                .check(all);
    }

    private static boolean isNullMarked(String name) {
        try {
            return Class.forName(name + ".package-info").isAnnotationPresent(NullMarked.class);
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static void knowsNot(String who, String... others) {
        noClasses()
                .that()
                .resideInAPackage(who)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .check(all);
    }
}
