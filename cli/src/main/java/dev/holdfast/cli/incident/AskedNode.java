package dev.holdfast.cli.incident;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What a node has said of its incidents.
 *
 * @param node what it is called here: its address
 * @param name what it calls itself; empty when it does not say
 * @param incidents the newest first, as it answered them
 * @param failed why it could not be asked; empty when it could
 */
public record AskedNode(String node, String name, List<JsonNode> incidents, String failed) {
    public boolean reached() {
        return failed.isEmpty();
    }

    /** The same, as it has nothing to say since it could not be asked. */
    public AskedNode failed(String why) {
        return new AskedNode(node, name, List.of(), why.isEmpty() ? "no reason" : why);
    }

    /** The same, with no more than these. */
    public AskedNode with(List<JsonNode> some) {
        return new AskedNode(node, name, some, failed);
    }
}
