package dev.holdfast.providers.postgres;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.Login;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Put;
import dev.holdfast.engine.provider.RangeDigest;
import dev.holdfast.engine.provider.Sighting;
import dev.holdfast.engine.provider.Vitals;
import dev.holdfast.engine.time.Time;
import dev.holdfast.providers.postgres.Calls.Work;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A provider in a schema of a PostgreSQL database, which any number of nodes share. Needs PostgreSQL 12 or later. How records lie
 * in the tables: docs/on-provider-format.md. How a put is decided: docs/adr/0027.
 *
 * <p>Thread-safe.
 */
public final class PostgresProvider implements Provider {
    private static final Duration MAY_TAKE = Duration.ofMillis(50);
    private static final String READING = "reading from";
    private static final String WRITING = "writing to";
    private static final int KEYS_A_CALL = 16;

    private final String name;
    private final PostgresSettings settings;
    private final FailureDomain domain;
    private final String where;
    private final Schema schema;
    private final Statements statements;
    private final Continuity continuity;
    private final Sessions sessions;
    private final RoleEnd roleEnd;
    private final Calls calls;
    private final Puts puts;
    /** Null until somebody asks. */
    private volatile @Nullable Seen seen;

    private PostgresProvider(String name, PostgresSettings settings, FailureDomain domain, Time time) {
        this.name = name;
        this.settings = settings;
        this.domain = domain;
        this.where = settings.where();
        this.schema = new Schema(settings.schema());
        this.statements = new Statements(schema);
        this.continuity = new Continuity(where);
        this.sessions = new Sessions(name, settings, statements, continuity, time);
        this.roleEnd = new RoleEnd(time);
        this.calls = new Calls(name, settings, sessions, time);
        this.puts = new Puts(statements, settings);
    }

    /** Connects to nothing yet and makes nothing: a server that is away is what the provider's answers say. */
    public static PostgresProvider open(String name, PostgresSettings settings, FailureDomain domain, Time time) {
        return new PostgresProvider(name, settings, domain, time);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FailureDomain failureDomain() {
        return domain;
    }

    /** The role of the credential that the server accepted last; the first one before any was. */
    @Override
    public Login login() {
        int inUse = sessions.credentialInUse();
        String role = settings.credentials().get(inUse).user();
        return new Login(role, inUse + 1, settings.credentials().size(), roleEnd.of(role));
    }

    /** Of the configured {@code connections}, those on which something runs, calls that were given up included. */
    public int connectionsInUse() {
        return calls.inUse();
    }

    /** Digests of ranges, computed by the server. */
    public RangeDigests rangeDigests() {
        return new RangeDigests(this, statements, where);
    }

    /** Work on the place that the caller knows. */
    @FunctionalInterface
    interface PlaceWork<T> {
        T on(Connection connection, Seen place) throws SQLException, ProviderFault;
    }

    <T> T at(String doing, PlaceWork<T> work) throws ProviderFault {
        Work<T> checked = connection -> {
            Seen place = expected(connection);
            continuity.require();
            return work.on(connection, place);
        };
        return calls.call(doing, checked);
    }

    <T> T reading(PlaceWork<T> work) throws ProviderFault {
        return at(READING, work);
    }

    private Seen expected(Connection connection) throws SQLException, ProviderFault {
        Seen expected = seen;
        if (expected == null) {
            expected = Seen.look(connection, statements, where).orElse(Seen.NOTHING);
            seen = expected;
        }
        if (expected.equals(Seen.NOTHING)) {
            throw Seen.gone(where, "there is no place of provider " + name);
        }
        return expected;
    }

    @Override
    public Optional<Identity> identity() throws ProviderFault {
        Optional<Seen> found;
        try {
            found = calls.call(READING, connection -> Seen.look(connection, statements, where));
        } catch (ProviderFault e) {
            // There is not even a database.
            if (e.kind() != FaultKind.ROLLED_BACK) {
                throw e;
            }
            found = Optional.empty();
        }
        see(found.orElse(Seen.NOTHING));
        return found.map(Seen::identity);
    }

    private void see(Seen now) {
        Seen before = seen;
        if (before != null && !before.identity().equals(now.identity())) {
            continuity.forget();
        }
        seen = now;
    }

    @Override
    public Identity initialise(Identity identity) throws ProviderFault {
        Seen made = calls.call("making a place in", connection -> {
            connection.setAutoCommit(false);
            schema.lockForMaking(connection);
            Optional<Seen> there = lookInTransaction(connection);
            if (there.isEmpty()) {
                schema.make(connection);
                try (PreparedStatement insert = connection.prepareStatement(statements.makePlace)) {
                    insert.setInt(1, Schema.FORMAT);
                    insert.setString(2, identity.id());
                    insert.setLong(3, identity.generation());
                    insert.setLong(4, SqlVersion.of(Version.NONE));
                    insert.executeUpdate();
                }
                there = Seen.look(connection, statements, where);
            }
            connection.commit();
            return there.orElseThrow(() -> Seen.gone(where, "the place that was made is not there"));
        });
        see(made);
        return made.identity();
    }

    /** A statement that fails would end the transaction, so what it may fail with is undone. */
    private Optional<Seen> lookInTransaction(Connection connection) throws SQLException, ProviderFault {
        var before = connection.setSavepoint();
        Optional<Seen> there = Seen.look(connection, statements, where);
        if (there.isEmpty()) {
            connection.rollback(before);
        }
        return there;
    }

    @Override
    public Vitals probe() throws ProviderFault {
        Vitals vitals = calls.call(READING, connection -> {
            Seen place = expected(connection);
            if (!settings.lax()) {
                Durability.of(connection).require(where);
            }
            Vitals found;
            try (PreparedStatement probe = connection.prepareStatement(statements.vitals);
                    ResultSet row = probe.executeQuery()) {
                place.require(row, where);
                found = new Vitals(
                        Seen.of(row, where).identity(), SqlVersion.parse(row.getLong("high_water")), Long.MAX_VALUE);
            }
            roleEnd.look(
                    connection,
                    settings.credentials().get(sessions.credentialInUse()).user());
            return found;
        });
        continuity.told(vitals.highWater());
        return vitals;
    }

    @Override
    public Put put(NamespaceId namespace, Key key, Record record, boolean vouched) throws ProviderFault {
        Put put = at(WRITING, (connection, place) -> puts.put(connection, place, namespace, key, record, vouched));
        if (put.stored()) {
            continuity.acknowledge(put.winner());
        }
        return put;
    }

    @Override
    public Lookup get(NamespaceId namespace, Key key) throws ProviderFault {
        return reading((connection, place) -> {
            try (PreparedStatement get = ofKey(connection, statements.get, namespace, key);
                    ResultSet row = get.executeQuery()) {
                place.require(row, where);
                byte[] bytes = row.getBytes("record");
                if (bytes == null) {
                    return new Lookup.Missing(floor(row));
                }
                Record record = RecordFormat.decode(namespace, key, bytes);
                Heads.requireVersion(record.version(), row);
                return new Lookup.Present(record);
            } catch (DamagedRecord e) {
                throw damaged(e);
            }
        });
    }

    @Override
    public Sighting sight(NamespaceId namespace, Key key) throws ProviderFault {
        return reading((connection, place) -> {
            try (PreparedStatement sight = ofKey(connection, statements.sight, namespace, key);
                    ResultSet row = sight.executeQuery()) {
                place.require(row, where);
                byte[] beginning = row.getBytes("beginning");
                if (beginning == null) {
                    return new Sighting(false, floor(row));
                }
                Version version = row.getInt("size") <= Statements.SMALL_BYTES
                        ? RecordFormat.head(namespace, key, beginning).version()
                        : RecordFormat.peekVersion(beginning, beginning.length);
                Heads.requireVersion(version, row);
                return new Sighting(true, version);
            } catch (DamagedRecord e) {
                throw damaged(e);
            }
        });
    }

    private static PreparedStatement ofKey(Connection connection, String sql, NamespaceId namespace, Key key)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        byte[] id = SqlNamespace.of(namespace);
        statement.setBytes(1, id);
        statement.setBytes(2, id);
        statement.setBytes(3, key.bytes());
        return statement;
    }

    private static Version floor(ResultSet row) throws SQLException {
        long floor = row.getLong("floor");
        return row.wasNull() ? Version.NONE : SqlVersion.parse(floor);
    }

    private ProviderFault damaged(DamagedRecord e) {
        return new ProviderFault(FaultKind.CORRUPT, "provider " + name + " holds a damaged record: " + e.getMessage());
    }

    @Override
    public Page scan(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) throws ProviderFault {
        Scan scan = new Scan(namespace, prefix, after, limit);
        return reading((connection, place) -> scan.on(connection, place, statements, where));
    }

    @Override
    public Duration mayTake() {
        return MAY_TAKE;
    }

    /** About what it was measured at: a call is mostly its way to the server, and a put its sync. */
    @Override
    public int keysACall() {
        return KEYS_A_CALL;
    }

    @Override
    public Map<Key, Lookup> getAll(NamespaceId namespace, List<Key> keys) throws ProviderFault {
        return reading(
                (connection, place) -> SeveralKeys.lookups(connection, place, statements, where, namespace, keys));
    }

    @Override
    public Map<Key, Put> putAll(NamespaceId namespace, SortedMap<Key, Record> records, boolean vouched)
            throws ProviderFault {
        Map<Key, Put> done =
                at(WRITING, (connection, place) -> puts.putAll(connection, place, namespace, records, vouched));
        done.values().stream()
                .filter(Put::stored)
                .map(Put::winner)
                .reduce(Version::newest)
                .ifPresent(continuity::acknowledge);
        return done;
    }

    @Override
    public Page rows(NamespaceId namespace, List<Key> keys) throws ProviderFault {
        return reading((connection, place) -> SeveralKeys.rows(connection, place, statements, where, namespace, keys));
    }

    @Override
    public boolean digests() {
        return true;
    }

    @Override
    public RangeDigest digest(NamespaceId namespace, @Nullable Key after, @Nullable Key upTo, int most)
            throws ProviderFault {
        return rangeDigests()
                .digest(
                        namespace,
                        new KeyRange(
                                after == null ? new byte[0] : KeyRange.next(after),
                                upTo == null ? null : KeyRange.next(upTo)),
                        most);
    }

    @Override
    public Version floor(NamespaceId namespace) throws ProviderFault {
        return reading((connection, place) -> {
            try (PreparedStatement floor = connection.prepareStatement(statements.floor)) {
                floor.setBytes(1, SqlNamespace.of(namespace));
                try (ResultSet row = floor.executeQuery()) {
                    place.require(row, where);
                    return floor(row);
                }
            }
        });
    }

    @Override
    public void raiseFloor(NamespaceId namespace, Version floor) throws ProviderFault {
        at(WRITING, (connection, place) -> {
            try (PreparedStatement raise = connection.prepareStatement(statements.raiseFloor)) {
                raise.setString(1, place.id());
                raise.setString(2, place.system());
                raise.setBytes(3, SqlNamespace.of(namespace));
                raise.setLong(4, SqlVersion.of(floor));
                return raise.execute();
            }
        });
    }

    @Override
    public int collect(NamespaceId namespace, List<Exact> rows) throws ProviderFault {
        Collection collection = new Collection(namespace, rows, statements, where);
        return at("collecting in", collection::on);
    }

    @Override
    public void close() {
        calls.close();
    }
}
