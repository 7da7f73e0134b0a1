package dev.holdfast.providers.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables and functions of a place, and how they are made. docs/on-provider-format.md has them for people.
 *
 * <p>{@code put} and {@code raise_floor} are functions since each of their statements has to see what was committed before it, not
 * before the call: under READ COMMITTED a lone statement reads the floor as of its own beginning, even if it then waits for the
 * lock that protects it. docs/adr/0027 has the whole of it.
 */
final class Schema {
    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);

    /** Of the tables. A newer one is not understood here. */
    static final int FORMAT = 1;

    private static final String DDL = """
        CREATE TABLE @.place (
            one boolean PRIMARY KEY DEFAULT true CHECK (one),
            format integer NOT NULL,
            id text NOT NULL,
            generation bigint NOT NULL,
            system_identifier text NOT NULL,
            high_water bigint NOT NULL,
            made timestamptz NOT NULL DEFAULT now());
        CREATE TABLE @.floors (
            namespace bytea PRIMARY KEY,
            floor bigint NOT NULL);
        CREATE TABLE @.records (
            version bigint NOT NULL,
            namespace bytea NOT NULL,
            key bytea NOT NULL,
            digest bytea,
            record bytea NOT NULL,
            PRIMARY KEY (namespace, key));
        ALTER TABLE @.records ALTER COLUMN record SET STORAGE EXTERNAL;
        CREATE INDEX ON @.records (version);

        CREATE OR REPLACE FUNCTION @.require_place(p_place text, p_system text) RETURNS void
        LANGUAGE plpgsql AS $$
        BEGIN
            IF current_setting('holdfast.system', true) IS DISTINCT FROM p_system
                OR NOT EXISTS (SELECT FROM @.place WHERE id = p_place) THEN
                RAISE EXCEPTION 'the place that was there has been wiped or replaced' USING ERRCODE = 'HF001';
            END IF;
        END $$;

        CREATE OR REPLACE FUNCTION @.floor_lock(p_namespace bytea) RETURNS bigint
        LANGUAGE sql IMMUTABLE AS $$
            SELECT hashtextextended('holdfast floor @ ' || encode(p_namespace, 'hex'), 0)
        $$;

        CREATE OR REPLACE FUNCTION @.put(
            p_place text, p_system text, p_lax boolean, p_namespace bytea, p_key bytea, p_version bigint,
            p_digest bytea, p_record bytea, p_vouched boolean, OUT outcome text, OUT winner bigint)
        LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM @.require_place(p_place, p_system);
            IF NOT p_lax
                AND (current_setting('synchronous_commit') = 'off' OR current_setting('fsync') = 'off') THEN
                RAISE EXCEPTION 'fsync or synchronous_commit is off' USING ERRCODE = 'HF002';
            END IF;
            outcome := 'stored';
            LOOP
                winner := p_version;
                UPDATE @.records r SET version = p_version, digest = p_digest, record = p_record
                    WHERE r.namespace = p_namespace AND r.key = p_key AND r.version < p_version;
                EXIT WHEN FOUND;
                SELECT r.version INTO winner FROM @.records r
                    WHERE r.namespace = p_namespace AND r.key = p_key;
                IF FOUND THEN
                    CONTINUE WHEN winner < p_version;
                    outcome := 'held';
                    EXIT;
                END IF;
                IF NOT p_vouched THEN
                    PERFORM pg_advisory_xact_lock_shared(@.floor_lock(p_namespace));
                    SELECT f.floor INTO winner FROM @.floors f WHERE f.namespace = p_namespace;
                    IF FOUND AND p_version <= winner THEN
                        CONTINUE WHEN EXISTS (
                            SELECT FROM @.records r WHERE r.namespace = p_namespace AND r.key = p_key);
                        outcome := 'refused';
                        EXIT;
                    END IF;
                END IF;
                winner := p_version;
                INSERT INTO @.records (version, namespace, key, digest, record)
                    VALUES (p_version, p_namespace, p_key, p_digest, p_record)
                    ON CONFLICT (namespace, key) DO NOTHING;
                EXIT WHEN FOUND;
            END LOOP;
        END $$;

        CREATE OR REPLACE FUNCTION @.raise_floor(p_place text, p_system text, p_namespace bytea, p_floor bigint)
        RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM @.require_place(p_place, p_system);
            PERFORM pg_advisory_xact_lock(@.floor_lock(p_namespace));
            INSERT INTO @.floors AS f (namespace, floor) VALUES (p_namespace, p_floor)
                ON CONFLICT (namespace) DO UPDATE SET floor = excluded.floor WHERE f.floor < excluded.floor;
        END $$;
        """;

    private final String name;

    Schema(String name) {
        this.name = name;
    }

    /** Puts the schema's name into a statement, where {@code @} stands. */
    String in(String sql) {
        return sql.replace("@", "\"" + name + "\"");
    }

    /** In one transaction with what follows: whoever makes a place at the same time waits. */
    void lockForMaking(Connection connection) throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))")) {
            lock.setString(1, "holdfast place " + name);
            lock.execute();
        }
    }

    /** Makes the tables, without anything in them. Tables of an earlier place are set aside, under other names. */
    void make(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // Not IF NOT EXISTS, for which a role needs the right to make one even where there is one.
            if (!exists(connection, "SELECT to_regnamespace(?) IS NOT NULL", "\"" + name + "\"")) {
                statement.execute(in("CREATE SCHEMA @"));
            }
            for (String table : new String[] {"records", "floors", "place"}) {
                if (tableExists(connection, table)) {
                    setAside(connection, statement, table);
                }
            }
            statement.execute(in(DDL));
        }
    }

    private void setAside(Connection connection, Statement statement, String table) throws SQLException {
        int number = 1;
        while (tableExists(connection, table + "_aside_" + number)) {
            number++;
        }
        String aside = table + "_aside_" + number;
        statement.execute(in("ALTER TABLE @." + table + " RENAME TO " + aside));
        LOG.warn("schema {} held a table {} of an earlier place: it is now {}", name, table, aside);
    }

    private boolean tableExists(Connection connection, String table) throws SQLException {
        return exists(connection, "SELECT to_regclass(?) IS NOT NULL", in("@." + table));
    }

    private static boolean exists(Connection connection, String question, String what) throws SQLException {
        try (PreparedStatement asked = connection.prepareStatement(question)) {
            asked.setString(1, what);
            try (ResultSet answer = asked.executeQuery()) {
                return answer.next() && answer.getBoolean(1);
            }
        }
    }
}
