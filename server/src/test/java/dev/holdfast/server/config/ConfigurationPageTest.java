package dev.holdfast.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationPageTest {
    private static final Path PAGE = Path.of("../docs/configuration.md");
    private static final String BEGIN = "<!-- settings: begin -->\n";
    private static final String END = "<!-- settings: end -->\n";

    /** Run with {@code -Ddocs=write}, it writes what it would complain about. */
    @Test
    void everySettingIsDocumentedWithItsDefault() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        if ("write".equals(System.getProperty("docs"))) {
            Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end));
            return;
        }
        assertThat(page.substring(begin, end))
                .as("the settings in docs/configuration.md; to write them: mvn -q -pl server -am test"
                        + " -Dtest=ConfigurationPageTest -Dsurefire.failIfNoSpecifiedTests=false -Ddocs=write")
                .isEqualTo(table());
    }

    @Test
    void defaultsAreLegal() {
        for (Setting<?> setting : settings()) {
            assertThat(setting.type().reading().apply(setting.standard())).isNotNull();
        }
    }

    private static String table() {
        StringBuilder table =
                new StringBuilder("| setting | default | what it does | what to write |\n| --- | --- | --- | --- |\n");
        for (Setting<?> setting : settings()) {
            String standard = setting.standard().isEmpty() ? "none" : "`" + setting.standard() + "`";
            table.append("| `%s` | %s | %s | %s |\n"
                    .formatted(
                            setting.name(),
                            standard,
                            setting.says(),
                            setting.type().expects()));
        }
        return table.toString();
    }

    private static List<Setting<?>> settings() {
        List<Setting<?>> all = new ArrayList<>(ServerConfig.fixed());
        all.addAll(ProviderConfig.named().documented());
        all.addAll(WebhookConfig.named().documented());
        all.addAll(KeyConfig.named().documented());
        return all;
    }
}
