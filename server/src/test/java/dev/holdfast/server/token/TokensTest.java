package dev.holdfast.server.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.catalogue.Catalogue;
import dev.holdfast.engine.replication.catalogue.Catalogue.NotKept;
import dev.holdfast.server.ManualTime;
import dev.holdfast.server.MemoryCatalogue;
import dev.holdfast.server.http.Permission;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokensTest {
    private static final NamespaceId ONE = new NamespaceId(1, 1);
    private static final NamespaceId TWO = new NamespaceId(2, 2);

    private final MemoryCatalogue catalogue = new MemoryCatalogue();
    private final ManualTime time = new ManualTime();
    private final Tokens tokens = new Tokens(catalogue, time);

    @Test
    void theSecretOfATokenLetsInAndNothingElseDoes() throws Exception {
        Tokens.Created created = all("ci");
        String secret = created.secret();
        assertThat(tokens.authenticate(secret)).hasValue(created.token());
        char last = secret.charAt(secret.length() - 1);
        assertThat(tokens.authenticate(secret.substring(0, secret.length() - 1) + (last == 'A' ? 'B' : 'A')))
                .isEmpty();
        assertThat(tokens.authenticate("")).isEmpty();
        assertThat(tokens.authenticate("hf_")).isEmpty();
        assertThat(tokens.authenticate(secret + "A")).isEmpty();
        assertThat(tokens.authenticate(created.token().hash().hex())).isEmpty();
    }

    @Test
    void aHashThatOnlyBeginsAlikeDoesNotLetIn() throws Exception {
        Tokens.Created created = all("ci");
        String entry = "token/" + created.token().id();
        String form = new String(catalogue.get(entry).orElseThrow().content(), StandardCharsets.UTF_8);
        String hash = created.token().hash().hex();
        String other = hash.substring(0, 63) + (hash.endsWith("0") ? "1" : "0");
        catalogue.put(entry, new Catalogue.Entry(form.replace(hash, other).getBytes(StandardCharsets.UTF_8), 0));
        assertThat(tokens.authenticate(created.secret())).isEmpty();
    }

    @Test
    void onlyTheHashIsKept() throws Exception {
        Tokens.Created created = all("ci");
        String kept = new String(
                catalogue.get("token/" + created.token().id()).orElseThrow().content(), StandardCharsets.UTF_8);
        assertThat(kept)
                .contains(created.token().hash().hex())
                .doesNotContain(created.secret().substring(3));
        assertThat(created.toString() + created.token())
                .doesNotContain(created.secret().substring(3));
    }

    @Test
    void secretsAreLongAndDiffer() throws Exception {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            String secret = all("t" + i).secret();
            assertThat(secret).matches("hf_[A-Za-z0-9_-]{43}");
            assertThat(seen.add(secret)).isTrue();
        }
    }

    @Test
    void revocationHoldsAtOnceAndForEver() throws Exception {
        Tokens.Created created = all("ci");
        assertThat(tokens.authenticate(created.secret())).isPresent();
        assertThat(tokens.revoke(created.token().id())).hasValue(created.token());
        assertThat(tokens.authenticate(created.secret())).isEmpty();
        catalogue.put("token/" + created.token().id(), new Catalogue.Entry(TokenForm.write(created.token()), 0));
        assertThat(tokens.authenticate(created.secret())).isEmpty();
        assertThat(tokens.list()).isEmpty();
        assertThat(tokens.revoke(created.token().id())).isEmpty();
    }

    @Test
    void aRevocationMadeElsewhereHoldsAsSoonAsTheCatalogueKnowsIt() throws Exception {
        Tokens.Created created = all("ci");
        assertThat(tokens.authenticate(created.secret())).isPresent();
        new Tokens(catalogue, time).revoke(created.token().id());
        assertThat(tokens.authenticate(created.secret())).isEmpty();
    }

    @Test
    void anEntryThatIsNoTokenOpensNothing() throws Exception {
        Tokens.Created created = all("ci");
        catalogue.put("token/" + created.token().id(), new Catalogue.Entry("{}".getBytes(StandardCharsets.UTF_8), 1));
        assertThat(tokens.authenticate(created.secret())).isEmpty();
        assertThat(tokens.list()).isEmpty();
    }

    @Test
    void anExpiredTokenIsRefusedAndListed() throws Exception {
        Tokens.Created created =
                tokens.create("short", new Scope.Everywhere(), EnumSet.of(Permission.READ), time.wallMillis() + 1_000);
        time.advance(999);
        assertThat(tokens.authenticate(created.secret())).isPresent();
        time.advance(1);
        assertThat(tokens.authenticate(created.secret())).isEmpty();
        assertThat(tokens.list()).containsExactly(created.token());
    }

    @Test
    void aScopeIsNamespacesTimesPermissions() throws Exception {
        Token token = tokens.create(
                        "some", new Scope.Only(Set.of(ONE)), EnumSet.of(Permission.READ, Permission.LIST), Token.NEVER)
                .token();
        assertThat(token.may(Permission.READ, ONE)).isTrue();
        assertThat(token.may(Permission.LIST, ONE)).isTrue();
        assertThat(token.may(Permission.WRITE, ONE)).isFalse();
        assertThat(token.may(Permission.READ, TWO)).isFalse();
        assertThat(token.mayEverywhere(Permission.READ)).isFalse();

        Token everywhere = all("all").token();
        for (Permission permission : Permission.values()) {
            assertThat(everywhere.may(permission, TWO)).isTrue();
            assertThat(everywhere.mayEverywhere(permission)).isTrue();
        }
    }

    @Test
    void aTokenComesBackFromTheCatalogueAsItWas() throws Exception {
        Token token = tokens.create(
                        "näme \"quoted\"",
                        new Scope.Only(Set.of(ONE, TWO)),
                        EnumSet.of(Permission.ADMIN),
                        time.wallMillis() + 5)
                .token();
        assertThat(new Tokens(catalogue, time).find(token.id())).hasValue(token);
    }

    @Test
    void aFullDiskIsToldAndMakesNoToken() {
        catalogue.full = true;
        assertThatThrownBy(() -> all("ci")).isInstanceOf(NotKept.class).hasMessage("The node's disk is full.");
        assertThat(tokens.list()).isEmpty();
    }

    private Tokens.Created all(String name) throws NotKept {
        return tokens.create(name, new Scope.Everywhere(), EnumSet.allOf(Permission.class), Token.NEVER);
    }
}
