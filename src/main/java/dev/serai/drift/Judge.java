package dev.serai.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Goes over what an event has touched, and tells what can no longer be chance. */
final class Judge {
    private final Look look;
    private final List<Finding> found = new ArrayList<>();

    private Judge(Look look) {
        this.look = look;
    }

    /** @param events of the stream so far, this one included */
    static List<Finding> of(Look look, Field root, long events) {
        var judge = new Judge(look);
        judge.present(root, "", events);
        return judge.found;
    }

    /** A place that this event has. */
    private void present(Field field, String path, long owner) {
        Mark mark = field.mark;
        if (mark.isNews(owner)) {
            add(mark.wasGone ? Kind.BACK : Kind.NEW, path, "", "", mark);
        }
        forms(field, path);
        values(field, path);
        Mark maps = field.forms.get(Form.MAP);
        if (maps != null && maps.seenIn(look)) {
            field.children.forEach((name, child) -> child(child, Field.join(path, name), maps.count));
        }
        Mark lists = field.forms.get(Form.LIST);
        if (lists != null && lists.seenIn(look) && field.items != null) {
            child(field.items, Field.join(path, Field.ANY), lists.count);
        }
    }

    private void child(Field child, String path, long owner) {
        if (child.mark.seenIn(look)) {
            present(child, path, owner);
        } else if (child.mark.isGone(look, owner)) {
            add(Kind.GONE, path, "", "", child.mark);
        }
    }

    private void forms(Field field, String path) {
        for (Map.Entry<Form, Mark> entry : field.forms.entrySet()) {
            Form form = entry.getKey();
            Mark mark = entry.getValue();
            if (mark.seenIn(look) && mark.isNews(field.seen)) {
                String was = field.otherForms(form);
                Kind kind = form == Form.NONE ? Kind.EMPTY : was.equals(Form.NONE.words()) ? Kind.NEW : Kind.RETYPED;
                add(kind, path, kind == Kind.RETYPED ? form.words() : "", kind == Kind.RETYPED ? was : "", mark);
                if (kind == Kind.RETYPED) {
                    field.values.learnAnew(look, field.seen);
                }
            }
        }
        if (field.filled.seenIn(look)) {
            boolean news = field.filled.isNews(field.seen);
            if (news && field.filled.wasGone) {
                add(Kind.BACK, path, "", "", field.filled);
            }
        } else if (field.filled.isGone(look, field.seen) && !emptySince(field)) {
            add(Kind.EMPTY, path, "", "", field.filled);
        }
    }

    /** Whether it had never been empty before it lost its value: then that was told already. */
    private static boolean emptySince(Field field) {
        Mark none = field.forms.get(Form.NONE);
        return none != null && none.from >= field.filled.last;
    }

    private void values(Field field, String path) {
        if (field.values.marks == null) {
            return;
        }
        long owner = field.seen - field.values.from;
        for (Mark mark : field.values.marks.values()) {
            if (mark.seenIn(look) && mark.isNews(owner)) {
                found.add(new Finding(Kind.VALUE, path, mark.example, "", mark.example, mark.event, mark.at));
                mark.example = "";
            }
        }
    }

    private void add(Kind kind, String path, String detail, String was, Mark mark) {
        found.add(new Finding(kind, path, detail, was, mark.example, mark.event, mark.at));
    }
}
