// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import java.io.File;
import java.net.URL;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Includes nothing, and notes what it should have. All four interfaces, or {@code include file(…)} would still read the guard's own
 * disk. Not for many threads.
 */
final class InertIncluder implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {

    private final Set<String> noted = new LinkedHashSet<>();

    /** What was to be included, as a person would name it. */
    List<String> noted() {
        return List.copyOf(noted);
    }

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        return nothing(what);
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
        return nothing(what.getPath());
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
        // An address may hold a password.
        return nothing("an URL");
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
        return nothing("resource " + what);
    }

    private ConfigObject nothing(String what) {
        noted.add(what);
        return ConfigFactory.empty().root();
    }
}
