// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which settings of a KMS driver decide where its keys are, as far as the operator says so. Nobody but the driver knows what its {@code config} means, so
 * without a word about it every setting counts.
 *
 * @param identity by the driver's name, dotted paths below {@code kms.config}; a path stands for all that is below it
 */
public record KmsDrivers(Map<String, List<String>> identity) {

    /** Nothing is said of any driver. */
    public static final KmsDrivers NONE = new KmsDrivers(Map.of());

    /** Whether another value at that path is another identity. */
    boolean decides(KmsConfig.Driver driver, String path) {
        var named = identity.get(driver.name());
        return named == null || named.stream().anyMatch(name -> isAt(path, name));
    }

    /**
     * The paths that are named for a driver and that its {@code config} does not have, in order: they decide nothing, which is a slip
     * as often as not. None where nothing is named, or where the settings are not known.
     */
    public List<String> absent(KmsConfig.Driver driver) {
        var paths = driver.config().map(Map::keySet);
        return paths.isEmpty()
                ? List.of()
                : identity.getOrDefault(driver.name(), List.of()).stream()
                        .filter(name -> paths.get().stream().noneMatch(path -> isAt(path, name)))
                        .sorted()
                        .toList();
    }

    /** What may be named for a driver: its settings and the blocks that they stand in, in order. */
    public static List<String> names(KmsConfig.Driver driver) {
        return List.copyOf(new TreeSet<>(driver.config().map(Map::keySet).stream()
                .flatMap(paths -> paths.stream().flatMap(KmsDrivers::withBlocks))
                .toList()));
    }

    private static Stream<String> withBlocks(String path) {
        return Stream.iterate(path, at -> !at.isEmpty(), at -> at.substring(0, Math.max(0, at.lastIndexOf('.'))));
    }

    private static boolean isAt(String path, String name) {
        return path.equals(name) || path.startsWith(name + ".");
    }
}
