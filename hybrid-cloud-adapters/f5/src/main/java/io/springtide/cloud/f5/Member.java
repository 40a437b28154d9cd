package io.springtide.cloud.f5;

import com.fasterxml.jackson.databind.JsonNode;
import io.springtide.cloud.spi.traffic.Endpoint;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A member of a pool: what is wanted of it, or what the BIG-IP says of it.
 *
 * @param address in digits, as short as it can be written
 * @param ratio its share against the others', from 1
 * @param enabled whether new clients go there; those that are bound to it go there anyway
 */
record Member(String address, int port, int ratio, boolean enabled) {

    private static final Pattern ZEROS = Pattern.compile("(^|:)0(:0)+(:|$)");

    Member {
        address = shortest(address);
    }

    /** As a BIG-IP writes it, by RFC 5952: the longest run of zeros is left out, of equal ones the first. */
    private static String shortest(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        String plain;
        try {
            // Digits with a colon in them are never looked up.
            plain = InetAddress.getByName(address.replaceAll("%.*", "")).getHostAddress();
        } catch (UnknownHostException e) {
            // Whatever it is: it is nobody's of ours, and goes by the name that it has.
            return address;
        }
        Optional<MatchResult> longest = ZEROS.matcher(plain).results()
                .reduce((a, b) -> zeros(b) > zeros(a) ? b : a);
        return longest.map(run -> plain.substring(0, run.start()) + "::"
                + plain.substring(run.end())).orElse(plain);
    }

    private static long zeros(MatchResult run) {
        return run.group().chars().filter(c -> c == '0').count();
    }

    /** Of an endpoint whose address is known. */
    static Member of(Endpoint endpoint, String address) {
        return new Member(address, endpoint.port(), Math.max(1, Math.min(100, endpoint.weight())),
                endpoint.open());
    }

    /** Of iControl's answer. What it says of health is not ours to judge. */
    static Member read(JsonNode item) {
        String name = item.path("name").asText();
        String plain = name.substring(name.lastIndexOf('/') + 1);
        String address = item.path("address").asText(plain).replaceAll("%[0-9]+$", "");
        int end = Math.max(plain.lastIndexOf(':'),
                address.indexOf(':') >= 0 ? plain.lastIndexOf('.') : -1);
        String port = plain.substring(end + 1);
        return new Member(address, port.matches("[0-9]{1,5}") ? Integer.parseInt(port) : 0,
                item.path("ratio").asInt(1),
                !item.path("session").asText().equals("user-disabled")
                        && !item.path("state").asText().equals("user-down"));
    }

    /** As iControl names it; nodes are in Common, where tenants share them. */
    String name() {
        return "/Common/" + address + (address.indexOf(':') >= 0 ? "." : ":") + port;
    }

    /** As it stands in a path of iControl. */
    String path() {
        return name().replace('/', '~');
    }
}
