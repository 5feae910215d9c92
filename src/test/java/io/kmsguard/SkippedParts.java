// SPDX-License-Identifier: Apache-2.0
package io.kmsguard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes down which tests were skipped, and why, in the file that the system property {@code kms-guard.skipped} names:
 * the build prints it at its very end, so that a green build never hides what it did not test.
 */
public final class SkippedParts implements TestExecutionListener {

    private final Set<String> skipped = new TreeSet<>();

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        remember(test, reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
            remember(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        var file = System.getProperty("kms-guard.skipped");
        if (file == null || skipped.isEmpty()) {
            return;
        }
        try {
            Files.write(Path.of(file), skipped, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write down the skipped tests in " + file, e);
        }
    }

    private synchronized void remember(TestIdentifier test, String reason) {
        skipped.add(where(test) + ": " + reason.lines().findFirst().orElse("no reason given"));
    }

    private static String where(TestIdentifier test) {
        return test.getSource().flatMap(SkippedParts::place).orElse(test.getDisplayName());
    }

    private static Optional<String> place(Object source) {
        if (source instanceof MethodSource method) {
            return Optional.of(simple(method.getClassName()) + "." + method.getMethodName());
        }
        return source instanceof ClassSource type ? Optional.of(simple(type.getClassName())) : Optional.empty();
    }

    private static String simple(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }
}
