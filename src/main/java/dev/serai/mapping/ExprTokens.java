package dev.serai.mapping;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.parser.JsltParser;
import com.schibsted.spt.data.jslt.parser.JsltParserConstants;
import com.schibsted.spt.data.jslt.parser.Token;
import com.schibsted.spt.data.jslt.parser.TokenMgrError;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The words of an expression, checked before it is compiled for everything a mapping must not do. */
final class ExprTokens implements JsltParserConstants {
    private static final int MOST_CHARACTERS = 2_000;

    /**
     * Each {@code |}, {@code for} and {@code let} can use its value several times, so results can double with each.
     * With g pluses and commas and r of these, a result is at most (g + 1)^(r + 1) times the record.
     */
    private static final double MOST_GROWTH = 10_000;

    // How the parser words its messages.
    private static final Pattern UNREADABLE = Pattern.compile("Lexical error at line (\\d+), column (\\d+)\\.\\s*(.*)");
    private static final Pattern UNEXPECTED =
            Pattern.compile("Encountered \"(?:<EOF>|.+? \"(.*) \")\" at line (\\d+), column (\\d+)");
    private static final Pattern FUNCTION = Pattern.compile("^([a-z][a-z0-9-]*)\\(\\)");

    private static final Set<String> NOT_THE_SAME_TWICE = Set.of("now", "random", "uuid");

    private final List<Token> tokens;
    private final Set<String> variables = new TreeSet<>();
    private final boolean nestsLoops;

    /** A field of the record an expression reads, with its place in the expression. */
    record Read(String path, int line, int column) {}

    private ExprTokens(List<Token> tokens) {
        this.tokens = tokens;
        this.nestsLoops = count(FOR) + count(LET) > 1 && count(FOR) > 0;
    }

    static ExprTokens of(String source) throws ExprProblem {
        if (source.length() > MOST_CHARACTERS) {
            throw new ExprProblem(
                    1,
                    1,
                    "the expression has " + source.length() + " characters; at most " + MOST_CHARACTERS + " are read");
        }
        var tokens = new ArrayList<Token>();
        try {
            var parser = new JsltParser(new StringReader(source));
            for (Token t = parser.getNextToken(); t.kind != EOF; t = parser.getNextToken()) {
                tokens.add(t);
            }
        } catch (TokenMgrError e) {
            throw problem(new JsltException("Parse error: " + e.getMessage()));
        }
        var read = new ExprTokens(tokens);
        read.check();
        return read;
    }

    private void check() throws ExprProblem {
        var defined = new HashSet<String>();
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            switch (token.kind) {
                case DEF, IMPORT ->
                    throw at(
                            token, "\"" + token.image + "\" is not allowed: a mapping must always end and stand alone");
                case PIDENT -> throw at(token, "\"" + token.image + "\" is from a module; modules are not allowed");
                case IDENT -> checkCall(i);
                case STAR -> checkStar(i);
                case LET -> defined.add(kind(i + 1) == IDENT ? tokens.get(i + 1).image : "");
                case VARIABLE -> variables.add(token.image.substring(1));
                default -> {}
            }
        }
        variables.removeAll(defined);
        double growth = Math.pow(count(PLUS) + count(COMMA) + 1, count(PIPE) + count(FOR) + count(LET) + 1);
        if (growth > MOST_GROWTH) {
            throw at(tokens.get(0), "the expression could make its result too large; split it into several fields");
        }
    }

    private void checkCall(int i) throws ExprProblem {
        Token name = tokens.get(i);
        boolean call = kind(i + 1) == LPAREN && kind(i - 1) != DOT;
        if (call && NOT_THE_SAME_TWICE.contains(name.image)) {
            throw at(
                    name,
                    "\"" + name.image + "\" gives another answer each time; a mapping must give the same for the"
                            + " same record");
        }
        if (call && ExprFunctions.WITH_PATTERN.contains(name.image)) {
            checkPattern(i + 2, name);
        }
    }

    /** The second argument must be a pattern written out: one that comes with the record could be anything. */
    private void checkPattern(int firstArgument, Token function) throws ExprProblem {
        int depth = 0;
        for (int i = firstArgument; i < tokens.size(); i++) {
            int kind = kind(i);
            if (kind == COMMA && depth == 0) {
                Token pattern = tokens.get(Math.min(i + 1, tokens.size() - 1));
                if (pattern.kind != STRING || kind(i + 2) != RPAREN && kind(i + 2) != COMMA) {
                    throw at(pattern, function.image + "() needs a pattern in quotes as its second argument");
                }
                compile(pattern);
                return;
            }
            depth += kind == LPAREN || kind == LBRACKET || kind == LCURLY ? 1 : 0;
            depth -= kind == RPAREN || kind == RBRACKET || kind == RCURLY ? 1 : 0;
            if (depth < 0) {
                return;
            }
        }
    }

    private static void compile(Token pattern) throws ExprProblem {
        String quoted = pattern.image;
        try {
            Pattern.compile(quoted.substring(1, quoted.length() - 1)
                    .replace("\\\"", "\"")
                    .replace("\\\\", "\\"));
        } catch (PatternSyntaxException e) {
            throw at(
                    pattern,
                    quoted + " is not a pattern: " + e.getDescription()
                            + "; look-around and back-references are not supported");
        }
    }

    /** {@code *} repeats text as often as the record says; as a wildcard it follows a brace or a comma. */
    private void checkStar(int i) throws ExprProblem {
        if (kind(i - 1) != LCURLY && kind(i - 1) != COMMA) {
            throw at(tokens.get(i), "\"*\" can repeat text without end; write multiply(a, b) for numbers");
        }
    }

    Set<String> variables() {
        return variables;
    }

    /** Whether it looks at nothing but itself. */
    boolean isConstant() {
        return count(DOT) + count(VARIABLE) + count(FOR) + count(LBRACKET) + count(LCURLY) == 0;
    }

    /** A field compared with a text that is written out. */
    record Comparison(String path, String text, int line, int column) {}

    /** Of expressions in which {@code .} means the record throughout. */
    List<Comparison> comparisons() {
        var comparisons = new ArrayList<Comparison>();
        for (Read read : reads()) {
            int end = indexAfter(read);
            if ((kind(end) == EQUALS || kind(end) == UNEQUALS) && kind(end + 1) == STRING) {
                Token text = tokens.get(end + 1);
                String quoted = text.image;
                if (quoted.indexOf('\\') < 0) {
                    comparisons.add(new Comparison(
                            read.path, quoted.substring(1, quoted.length() - 1), text.beginLine, text.beginColumn));
                }
            }
        }
        return comparisons;
    }

    private int indexAfter(Read read) {
        int i = 0;
        while (tokens.get(i).beginLine != read.line || tokens.get(i).beginColumn != read.column) {
            i++;
        }
        return i + 2 * read.path.split("\\.").length;
    }

    boolean nestsLoops() {
        return nestsLoops;
    }

    /** Only of expressions in which {@code .} means the record throughout. */
    List<Read> reads() {
        if (count(FOR) + count(PIPE) + count(LCURLY) > 0) {
            return List.of();
        }
        var reads = new ArrayList<Read>();
        for (int i = 0; i < tokens.size(); i++) {
            if (kind(i) != DOT || kind(i + 1) != IDENT || continues(kind(i - 1))) {
                continue;
            }
            Token first = tokens.get(i);
            var path = new StringBuilder(tokens.get(i + 1).image);
            for (i += 2; kind(i) == DOT && kind(i + 1) == IDENT; i += 2) {
                path.append('.').append(tokens.get(i + 1).image);
            }
            i--;
            reads.add(new Read(path.toString(), first.beginLine, first.beginColumn));
        }
        return reads;
    }

    /** Whether a dot after this word goes on with what it gave. */
    private static boolean continues(int kind) {
        return kind == RPAREN || kind == RBRACKET || kind == VARIABLE || kind == IDENT || kind == STRING || kind == DOT;
    }

    private int kind(int i) {
        return i >= 0 && i < tokens.size() ? tokens.get(i).kind : EOF;
    }

    private long count(int kind) {
        return tokens.stream().filter(t -> t.kind == kind).count();
    }

    private static ExprProblem at(Token token, String text) {
        return new ExprProblem(token.beginLine, token.beginColumn, text);
    }

    /** The library's message in one line, without its own name for the place. */
    static ExprProblem problem(JsltException e) {
        String text =
                e.getMessageWithoutLocation().lines().findFirst().orElse("").replace("Parse error: ", "");
        var lexical = UNREADABLE.matcher(text);
        if (lexical.find()) {
            return new ExprProblem(
                    Integer.parseInt(lexical.group(1)),
                    Integer.parseInt(lexical.group(2)),
                    "not JSLT: " + lexical.group(3));
        }
        var encountered = UNEXPECTED.matcher(text);
        if (encountered.find()) {
            String word = encountered.group(1);
            return new ExprProblem(
                    Integer.parseInt(encountered.group(2)),
                    Integer.parseInt(encountered.group(3)),
                    word == null ? "the expression ends too early" : "\"" + word + "\" is not expected here");
        }
        return new ExprProblem(e.getLine(), e.getColumn(), text.replace('\'', '"'));
    }

    /** The function that gave up, never the value it gave up on. */
    static String where(JsltException e) {
        var function = FUNCTION.matcher(e.getMessageWithoutLocation());
        return function.find() ? ": " + function.group(1) + "() does not take what the record has" : "";
    }
}
