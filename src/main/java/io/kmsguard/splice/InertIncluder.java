// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import java.io.File;
import java.net.URL;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Includes what is known of the files that the container mounts, and notes all that is to be included. Nothing is read from the
 * guard's own disk or class path: all four interfaces, or {@code include file(…)} still would. For one text.
 */
final class InertIncluder implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {

    /** A file may include itself, and two each other. */
    private static final int MOST = 20;

    /** Where the files are to which the image's entry point puts all texts. */
    private static final Path OWN = Path.of("/app");

    /** The parser takes any other name for one of several files, or of another format. */
    private static final Pattern HOCON = Pattern.compile(".*\\.(conf|json)");

    private static final Pattern URL_TEXT = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*", Pattern.DOTALL);

    private final MountedFiles mounted;
    private final Set<Include> noted = new LinkedHashSet<>();
    private final List<HoconLimits> limits = new ArrayList<>();
    private final Deque<Path> folders = new ArrayDeque<>(List.of(OWN));
    private int characters;

    InertIncluder(MountedFiles mounted) {
        this.mounted = mounted;
    }

    /** What was to be included. */
    List<Include> noted() {
        return List.copyOf(noted);
    }

    /** Of each text that was included. */
    List<HoconLimits> limits() {
        return limits;
    }

    /** How a text is parsed with it. */
    ConfigParseOptions parsing(String origin) {
        return ConfigParseOptions.defaults().setIncluder(this).setOriginDescription(origin);
    }

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return this;
    }

    /** Beside the file that includes it. */
    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        return URL_TEXT.matcher(what).matches() ? url() : file(what);
    }

    /** Where a relative one is depends on where the process was started. */
    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
        return what.isAbsolute() ? file(what.getPath()) : nothing(what.getPath(), "");
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
        return url();
    }

    /** An address may hold a password. */
    private ConfigObject url() {
        return nothing("an URL", "");
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
        return nothing("resource " + what, "");
    }

    private ConfigObject file(String what) {
        String path;
        try {
            path = folders.element().resolve(what).normalize().toString();
        } catch (InvalidPathException noName) {
            return nothing(what, "");
        }
        var text = mounted.at(path).flatMap(ConfigFile::text);
        return text.isPresent() && HOCON.matcher(path).matches() && isSmall(text.get())
                ? parsed(what, path, text.get())
                : nothing(what, path);
    }

    private boolean isSmall(String text) {
        characters += text.length();
        return limits.size() < MOST
                && characters <= HoconLimits.MAX_CHARACTERS
                && HoconLimits.scan(text).tooLarge().isEmpty();
    }

    private ConfigObject parsed(String what, String path, String text) {
        noted.add(new Include(what, path, Optional.of(Digests.of(text))));
        limits.add(HoconLimits.scan(text));
        folders.push(Path.of(path).resolveSibling(""));
        try {
            return ConfigFactory.parseString(text, parsing(path)).root();
        } finally {
            folders.pop();
        }
    }

    private ConfigObject nothing(String what, String path) {
        noted.add(new Include(what, path, Optional.empty()));
        return ConfigFactory.empty().root();
    }
}
