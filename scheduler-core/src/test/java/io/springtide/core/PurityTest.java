package io.springtide.core;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.springtide.core.purity.Impure;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: the core stays a pure function of its commands. Method: it may use a short list of packages,
 * and of these not what reads a clock, draws chance, starts threads or iterates in a salted order.
 */
class PurityTest {

    /** Classes of allowed packages that break one of the laws all the same. */
    private static final Set<String> BANNED_CLASSES = Set.of("java.lang.Thread",
            "java.lang.ThreadLocal", "java.lang.Process", "java.lang.ProcessBuilder",
            "java.lang.Runtime", "java.util.Random", "java.util.SplittableRandom",
            "java.util.UUID", "java.util.HashMap", "java.util.HashSet", "java.util.IdentityHashMap",
            "java.util.WeakHashMap", "java.util.Hashtable", "java.util.Date", "java.util.Calendar",
            "java.util.Timer", "java.util.TimeZone", "java.util.Locale", "java.util.Scanner",
            "java.util.ServiceLoader");

    /** Methods of allowed classes, by owner and name. */
    private static final Set<String> BANNED_METHODS = Set.of("java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime", "java.lang.System.getenv", "java.lang.System.getProperty",
            "java.lang.System.identityHashCode", "java.lang.System.exit", "java.lang.Math.random",
            "java.util.Set.of", "java.util.Set.copyOf", "java.util.Map.of", "java.util.Map.copyOf",
            "java.util.Map.ofEntries", "java.util.Collections.shuffle",
            "java.util.stream.Collectors.toSet", "java.util.stream.Collectors.toUnmodifiableSet",
            "java.util.stream.Collectors.toMap",
            "java.util.stream.Collectors.toUnmodifiableMap",
            "java.util.stream.Collectors.groupingBy",
            "java.util.stream.Stream.parallel", "java.util.Collection.parallelStream",
            "java.util.List.parallelStream");

    static final List<ArchRule> RULES = List.of(
            noClasses().should().dependOnClassesThat(resideOutsideOfPackages(
                    "io.springtide.core..", "java.lang", "java.lang.annotation",
                    "java.lang.invoke", "java.lang.runtime", "java.util", "java.util.function",
                    "java.util.stream", "java.nio.charset", "org.agrona.collections",
                    "com.google.re2j",
                    "org.jspecify..").and(DescribedPredicate.not(primitive()))),
            noClasses().should().dependOnClassesThat(resideInAnyPackage("java.nio.charset")
                    .and(named("other than UTF-8", target -> !target.getSimpleName()
                            .equals("StandardCharsets")
                            && !target.getSimpleName().equals("Charset")))),
            noClasses().should().dependOnClassesThat(
                    named("banned", target -> BANNED_CLASSES.contains(target.getName()))),
            noClasses().should().accessTargetWhere(DescribedPredicate.describe("banned",
                    access -> banned(access.getTarget()))));

    @Test
    void theCoreIsPure() {
        JavaClasses core = new ClassFileImporter().importUrl(
                SchedulerCore.class.getProtectionDomain().getCodeSource().getLocation());
        assertThat(core.size()).as("classes looked at").isGreaterThan(50);
        RULES.forEach(rule -> rule.check(core));
    }

    static Stream<Class<?>> impurities() {
        return Stream.of(Impure.class.getDeclaredClasses());
    }

    /** A rule that cannot fail guards nothing. */
    @ParameterizedTest
    @MethodSource("impurities")
    void eachImpurityIsCaught(Class<?> impure) {
        JavaClasses planted = new ClassFileImporter().importClasses(impure);
        assertThat(RULES).as(impure.getSimpleName())
                .anyMatch(rule -> rule.evaluate(planted).hasViolation());
    }

    private static boolean banned(AccessTarget target) {
        return BANNED_METHODS.contains(target.getOwner().getName() + "." + target.getName());
    }

    private static DescribedPredicate<JavaClass> primitive() {
        return named("primitive", target -> target.isPrimitive()
                || (target.isArray() && target.getBaseComponentType().isPrimitive()));
    }

    private static DescribedPredicate<JavaClass> named(String name,
            Predicate<JavaClass> test) {
        return DescribedPredicate.describe(name, test);
    }
}
