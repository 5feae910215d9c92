// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a participant keeps its state, and with it its identity. The image's {@code app.conf} takes it from env vars
 * ({@code CANTON_PARTICIPANT_POSTGRES_…}), which HOCON can override. Two spellings of one place are equal. A part that could
 * not be read is empty, which is not "none": it may be any.
 *
 * @param server {@code name.namespace} of a Service, else a host in lower case; empty also for the pod's own address, behind
 *     which a proxy decides
 * @param port by default 5432
 * @param name the database's name, by the image's default {@code cantonnet}
 * @param schema by PostgreSQL's default {@code public}; in lower case, as the server reads it
 */
public record ParticipantDatabase(
        Optional<String> server, Optional<String> port, Optional<String> name, Optional<String> schema) {

    private static final String ENV = "CANTON_PARTICIPANT_POSTGRES_";
    private static final String SERVER = ENV + "SERVER";
    private static final String PORT = ENV + "PORT";
    private static final String NAME = ENV + "DB";
    private static final String SCHEMA = ENV + "SCHEMA";

    /** The env vars that the image reads it from. */
    static final List<String> ENV_NAMES = List.of(SERVER, PORT, NAME, SCHEMA);

    private static final Pattern OWN_ADDRESS = Pattern.compile("localhost|127\\.[0-9.]+|\\[?::1]?");

    /**
     * Of one container with a participant: mostly one, and one for each participant whose storage HOCON sets.
     *
     * @param namespace the namespace of its pod, which short names of a server belong to
     */
    public static List<ParticipantDatabase> of(Container container, String namespace) {
        var env = container.environment();
        var storages = container.config().reading().storages();
        return storages.isEmpty()
                ? List.of(of(env, Optional.empty(), namespace))
                : storages.stream()
                        .map(storage -> of(env, Optional.of(storage), namespace))
                        .distinct()
                        .toList();
    }

    private static ParticipantDatabase of(Environment env, Optional<StorageConfig> storage, String namespace) {
        return new ParticipantDatabase(
                part(env, storage.flatMap(StorageConfig::server), SERVER, Optional.empty())
                        .flatMap(server -> server(server, namespace)),
                part(env, storage.flatMap(StorageConfig::port), PORT, Optional.of("5432"))
                        .map(String::strip),
                part(env, storage.flatMap(StorageConfig::name), NAME, Optional.of("cantonnet")),
                part(env, storage.flatMap(StorageConfig::schema), SCHEMA, Optional.of("public"))
                        .map(schema -> schema.toLowerCase(Locale.ROOT)));
    }

    /** Whether two containers take the names of database and schema from the same places, read or not. */
    public static boolean hasNameFromSameSource(Container one, Container other) {
        var hasStorage = !one.config().reading().storages().isEmpty()
                || !other.config().reading().storages().isEmpty();
        return (!hasStorage || one.config().hasSameTextAs(other.config()))
                && source(one, NAME).equals(source(other, NAME))
                && source(one, SCHEMA).equals(source(other, SCHEMA))
                && one.environment().unread().equals(other.environment().unread());
    }

    private static Optional<EnvValue> source(Container container, String variable) {
        return container.environment().get(variable).map(EnvVar::value);
    }

    private static Optional<String> part(
            Environment env, Optional<String> configured, String variable, Optional<String> usual) {
        if (configured.isPresent()) {
            return HoconTree.unmarked(configured.get(), env);
        }
        var found = env.get(variable);
        if (found.isPresent()) {
            return found.get().value().text();
        }
        return env.unread().isEmpty() ? usual : Optional.empty();
    }

    /** The one form of a server's name or address; empty where it does not tell which server is meant. */
    public static Optional<String> server(String written, String namespace) {
        var host = written.strip().toLowerCase(Locale.ROOT);
        if (host.isEmpty() || OWN_ADDRESS.matcher(host).matches()) {
            return Optional.empty();
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            return Optional.of(host.substring(1, host.length() - 1));
        }
        return ServiceAddress.service(host, namespace)
                .map(service -> service.name() + "." + service.namespace())
                .or(() -> Optional.of(host.endsWith(".") ? host.substring(0, host.length() - 1) : host));
    }

    /** Whether all of it could be read. */
    public boolean isTold() {
        return server.isPresent() && port.isPresent() && name.isPresent() && schema.isPresent();
    }

    /** Whether it is the other, as far as both are told. */
    public boolean mayBe(ParticipantDatabase other) {
        return mayBe(server, other.server)
                && mayBe(port, other.port)
                && mayBe(name, other.name)
                && mayBe(schema, other.schema);
    }

    /** Whether database and schema are those of the other, as far as both are told. */
    public boolean mayHaveNameOf(ParticipantDatabase other) {
        return mayBe(name, other.name) && mayBe(schema, other.schema);
    }

    private static boolean mayBe(Optional<String> one, Optional<String> other) {
        return one.isEmpty() || other.isEmpty() || one.equals(other);
    }

    /** The same with that server. */
    public ParticipantDatabase at(Optional<String> other) {
        return new ParticipantDatabase(other, port, name, schema);
    }

    /** Whether the server is written as an IP address or as a name of the DNS, behind which a Service may be. */
    public boolean hasForeignServer() {
        return server.filter(host -> ServiceAddress.service(host, "").isEmpty()).isPresent();
    }

    /** Whether it may be the other with another spelling of the server: a Service's IP address, or what it is an alias of. */
    public boolean mayBeSpelled(ParticipantDatabase other) {
        return (hasForeignServer() || other.hasForeignServer())
                && at(other.server).equals(other);
    }

    /** Says it to a person: {@code database participant_0, schema participant, at participant-pg.sv:5432}. */
    public String describe() {
        return "database " + name.orElse("?") + ", schema " + schema.orElse("?") + ", at " + address();
    }

    /** Says its server to a person: {@code participant-pg.sv:5432}. */
    public String address() {
        return server.orElse("?") + ":" + port.orElse("?");
    }
}
