package io.migratekit.source.extent;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** Runs a parameterized test once per random seed; {@code -Dseed=N} replays one. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ArgumentsSource(Seeds.Provider.class)
public @interface Seeds {

    /** How many seeds. */
    int value() default 200;

    /** Draws the seeds. */
    final class Provider implements ArgumentsProvider {
        @Override
        public Stream<? extends Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext context) {
            Long only = Long.getLong("seed");
            int runs =
                    context.getRequiredTestMethod().getAnnotation(Seeds.class).value();
            LongStream seeds = only != null
                    ? LongStream.of(only)
                    : RandomGenerator.getDefault().longs(runs);
            return seeds.mapToObj(Arguments::of);
        }
    }
}
