package dev.serai.connector;

import java.net.URI;
import java.util.Map;

/**
 * One HTTP call, ready to be sent as it is.
 *
 * @param headers by name, in any case
 * @param body empty when there is none
 */
public record Request(String method, URI url, Map<String, String> headers, byte[] body) {

    /** Method, address without its query, names of the headers and size of the body: no value that may be a secret. */
    @Override
    public String toString() {
        String place = url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath();
        return method + " " + place + " " + headers.keySet() + " " + body.length + " bytes";
    }
}
