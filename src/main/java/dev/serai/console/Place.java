package dev.serai.console;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An address of the console, and what is there. @param path with groups for what may stand in its places */
record Place(String method, Pattern path, Page page) {

    /** A page, or what a form does. */
    interface Page {
        /**
         * @param names what stood in the places of the path
         * @throws dev.serai.api.Declined when the API says no
         */
        Reply show(View view, Visit visit, List<String> names) throws SQLException;
    }

    static Place get(String path, Page page) {
        return new Place("GET", Pattern.compile(path), page);
    }

    static Place post(String path, Page page) {
        return new Place("POST", Pattern.compile(path), page);
    }

    /** What stands in the places of the path; empty when it is another's. */
    Optional<List<String>> names(Visit visit) {
        Matcher match = path.matcher(visit.path());
        if (!method.equals(visit.method()) || !match.matches()) {
            return Optional.empty();
        }
        var names = new ArrayList<String>();
        for (int i = 1; i <= match.groupCount(); i++) {
            names.add(match.group(i));
        }
        return Optional.of(names);
    }
}
