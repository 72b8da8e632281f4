package dev.serai.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Every setting the hub knows: its name, kind, default and meaning. This list gives the checks at start, the flags'
 * help and the generated reference.
 */
public enum Setting {
    ROUTES("serai.routes", Kind.TEXT, "routes", "Folder with the flows, *.camel.yaml."),
    MAPPINGS("serai.mappings", Kind.TEXT, "mappings", "Folder with one folder per system: connector and mappings."),
    DATA("serai.data", Kind.TEXT, "data", "Folder of the embedded PostgreSQL, used when no database is given."),
    RELOAD("serai.reload.interval", Kind.DURATION, "1s", "How often the two folders are looked at for changes."),

    HTTP_HOST("serai.http.host", Kind.TEXT, "127.0.0.1", "Address the door listens on; 0.0.0.0 for all."),
    HTTP_PORT("serai.http.port", Kind.PORT, "8080", "Port the door listens on."),
    HTTP_PUBLIC_URL(
            "serai.http.public-url",
            Kind.TEXT,
            "",
            "Address under which vendors reach this hub, such as https://hub.example.com. HubSpot signs it."),
    HTTP_TRUSTED_PROXIES(
            "serai.http.trusted-proxies",
            Kind.NETWORKS,
            "",
            "Addresses of proxies in front of this hub, such as 10.0.0.5, 10.1.0.0/16: what they say in X-Forwarded-For of who"
                    + " comes is believed, for counting failed logins. Empty: nobody's."),
    HTTP_MAX_BODY("serai.http.max-body-kb", Kind.NUMBER, "5120", "Largest request body, in KiB; larger is 413."),
    API_KEY(
            "serai.api.key",
            Kind.SECRET,
            "",
            "Key of your own systems for POST /v1/events, receipts of what they sent, /metrics and /health, at least"
                    + " 16 characters. Without it they stay closed, but /metrics and /health for who has a token."),

    SECRETS_DIR(
            "serai.secrets.dir",
            Kind.TEXT,
            "",
            "Folder with a file for each secret, named like its setting, as Docker and Kubernetes mount them."),
    VAULT_AWS_REGION(
            "serai.vault.aws.region",
            Kind.TEXT,
            "",
            "Region of AWS Secrets Manager for values such as {{aws:crm#token}}. Empty: that of the variable AWS_REGION."),
    VAULT_AWS_ENDPOINT(
            "serai.vault.aws.endpoint",
            Kind.TEXT,
            "",
            "Address of AWS Secrets Manager where it is not the usual one, as within a private network."),
    SECRETS_KEY(
            "serai.secrets.key",
            Kind.SECRET,
            "",
            "Key that encrypts tokens and secrets in the database: 32 bytes as hexadecimal digits or base64. Several, with"
                    + " commas: the first writes, all read."),

    DATABASE_URL(
            "serai.database.url",
            Kind.TEXT,
            "",
            "JDBC URL of a PostgreSQL, such as jdbc:postgresql://db:5432/serai. Empty: an embedded one is started."),
    DATABASE_USER("serai.database.user", Kind.TEXT, "serai", "User of that database."),
    DATABASE_PASSWORD("serai.database.password", Kind.SECRET, "", "Password of that user."),
    DATABASE_WAIT(
            "serai.database.wait",
            Kind.DURATION,
            "60s",
            "How long a hub that starts waits for that database to be there. A wrong password or name is not waited for."),
    DATABASE_POOL(
            "serai.database.pool",
            Kind.NUMBER,
            "10",
            "Most connections for flows and people. Intake and engine have seven of their own."),

    OIDC_ISSUER(
            "serai.oidc.issuer",
            Kind.TEXT,
            "",
            "Address of the issuer (OpenID Connect) by whose word people log in to the console, such as"
                    + " https://sso.example.com/realms/staff. Empty: tokens alone open it."),
    OIDC_NAME(
            "serai.oidc.name",
            Kind.TEXT,
            "",
            "What people call the issuer: Sign in with Keycloak. Empty: the host of its address."),
    OIDC_CLIENT_ID("serai.oidc.client-id", Kind.TEXT, "", "As whom this hub is registered there."),
    OIDC_CLIENT_SECRET(
            "serai.oidc.client-secret", Kind.SECRET, "", "Its secret. Empty: it is registered as a public client."),
    OIDC_SCOPES("serai.oidc.scopes", Kind.TEXT, "openid email profile", "Scopes that are asked for."),
    OIDC_ROLES_CLAIM(
            "serai.oidc.roles-claim",
            Kind.TEXT,
            "groups",
            "The claim of the ID token whose values open the console; realm_access.roles for one in another."),
    OIDC_VIEWERS("serai.oidc.viewers", Kind.TEXT, "", "Values of that claim that make a viewer, separated by commas."),
    OIDC_OPERATORS("serai.oidc.operators", Kind.TEXT, "", "Those that make an operator."),
    OIDC_ADMINS("serai.oidc.admins", Kind.TEXT, "", "Those that make an admin."),
    OIDC_SESSION(
            "serai.oidc.session",
            Kind.DURATION,
            "8h",
            "After so long whoever signed in by the issuer has to do so again, so that who has left there loses access here;"
                    + " 24h at most."),

    INTAKE_QUEUE(
            "serai.intake.queue",
            Kind.NUMBER,
            "10000",
            "Requests that may wait for their commit; beyond it the door answers 503 with Retry-After."),
    INTAKE_RATE(
            "serai.intake.rate",
            Kind.NUMBER,
            "20000",
            "Requests a source may send in a second; beyond it the door answers 429 with Retry-After."),
    CALLS_PRIVATE_HOSTS(
            "serai.calls.private-hosts",
            Kind.TEXT,
            "",
            "Hosts that connectors may call although they have private or loopback addresses: crm.internal, *.corp.example;"
                    + " separated by commas."),
    CALLS_MAX_ANSWER(
            "serai.calls.max-answer-kb",
            Kind.NUMBER,
            "10240",
            "The most a remote's answer may have, unpacked, in KiB; a connector's max_answer_kb comes before it."),
    CALLS_TRUST(
            "serai.calls.trust",
            Kind.TEXT,
            "",
            "A PEM file with certificates of authorities that are trusted besides Java's own, for systems with a private one."),
    CALLS_PROXY(
            "serai.calls.proxy",
            Kind.TEXT,
            "",
            "The proxy for all HTTP calls of connectors, as http://proxy.example:3128. Empty: none, whatever the environment"
                    + " says."),
    RUN_THREADS("serai.run.threads", Kind.NUMBER, "16", "Runs worked on at the same moment."),
    RUN_IN_FLIGHT(
            "serai.run.in-flight",
            Kind.NUMBER,
            "512",
            "Runs this hub may hold claimed, those waiting for a redelivery included."),
    RUN_LEASE(
            "serai.run.lease", Kind.DURATION, "1m", "How long a claim holds unless renewed; then others may take it."),
    RUN_MAX_CLAIMS(
            "serai.run.max-claims", Kind.NUMBER, "10", "Claims after which a run that never finishes is set aside."),
    RUN_REST_AFTER(
            "serai.run.rest-after",
            Kind.COUNT,
            "5",
            "Events of a record in a row that fail alike at a call, after which the record rests: its next events wait. 0 switches"
                    + " it off."),
    RUN_REST_FOR("serai.run.rest-for", Kind.DURATION, "15m", "How long it rests, until its next event is tried."),
    RETRY_QUICK_ATTEMPTS(
            "serai.retry.quick-attempts",
            Kind.COUNT,
            "6",
            "Tries of a failed step in memory, after the first one, where neither flow nor connector says more."),
    RETRY_QUICK_FIRST(
            "serai.retry.quick-first",
            Kind.DURATION,
            "1s",
            "Longest wait before the first of them; doubles each time, to 32s at most."),
    RETRY_ATTEMPTS(
            "serai.retry.attempts", Kind.COUNT, "3", "Durable retries of a run after the quick ones are used up."),
    RETRY_FIRST(
            "serai.retry.first",
            Kind.DURATION,
            "1m",
            "Longest wait before the first durable retry; doubles each time, to 1h at most."),
    DUPLICATE_WINDOW(
            "serai.intake.duplicate-window",
            Kind.DURATION,
            "10m",
            "How long equal payloads count as one event when a vendor sends no event id."),
    KEYS_KEEP(
            "serai.intake.keep-keys",
            Kind.DURATION,
            "90d",
            "How long an event is recognised when a vendor sends it again."),
    HISTORY_KEEP(
            "serai.history.keep",
            Kind.DURATION,
            "30d",
            "How long events, runs, steps and attempts are kept; then they are dropped, but for runs that are not done."),
    HISTORY_KEEP_FAILED(
            "serai.history.keep-failed",
            Kind.DURATION,
            "90d",
            "How long dead letters are kept with their payload. Runs in doubt are kept until somebody has settled them."),
    HISTORY_DISK(
            "serai.history.disk-gb",
            Kind.NUMBER,
            "20",
            "Disk space for history, in GB; beyond it the oldest goes before its time."),
    HISTORY_EVIDENCE(
            "serai.history.evidence",
            Kind.EVIDENCE,
            "sampled",
            "Of which runs that are done it is kept what they sent and were answered: none; sampled, those that did not get"
                    + " through at once and one of each flow in a minute; or all."),
    QUOTA_WARN_AT(
            "serai.quota.warn-at",
            Kind.PERCENT,
            "75",
            "Percent of a budget (a quota of an hour or longer that is not flowing) at which people are told for the"
                    + " first time."),
    QUOTA_SLOW_AT(
            "serai.quota.slow-at",
            Kind.PERCENT,
            "80",
            "Percent of a budget from which on flows that are not critical are slowed down, so that it lasts."),
    QUOTA_ALARM_AT("serai.quota.alarm-at", Kind.PERCENT, "90", "Percent of a budget at which people are told again."),
    QUOTA_RESERVE(
            "serai.quota.reserve",
            Kind.PERCENT,
            "5",
            "Percent of a quota that is left to critical flows: of a budget always, of others while there are any."),
    CANARY_LEAST(
            "serai.canary.least-runs",
            Kind.NUMBER,
            "20",
            "Runs of a canary that must have ended before it is compared with the flow it replaces."),
    CANARY_WORSE_BY(
            "serai.canary.worse-by",
            Kind.PERCENT,
            "10",
            "Percentage points by which a canary's share of dead runs and runs in doubt must surely (at 95 %) be above that"
                    + " of the flow it replaces; then it gets no records any more."),
    DRIFT_SAMPLE(
            "serai.drift.sample",
            Kind.COUNT,
            "500",
            "Most events in a second that the drift radar looks at; 0 switches it off."),
    ALERTS_EVERY(
            "serai.alerts.every",
            Kind.DURATION,
            "10s",
            "How often the rules of alerts are held against what the hubs do; one hub does it for all."),
    DIGEST_AT(
            "serai.digest.at",
            Kind.WEEKLY,
            "mon 07:00",
            "When the weekly digest is sent to where alerts go, in UTC; off for never."),
    TRACES(
            "serai.traces",
            Kind.TEXT,
            "",
            "Address of a collector that takes OpenTelemetry traces over HTTP, such as http://127.0.0.1:4318. Empty: none"
                    + " are made."),
    TRACES_SHARE("serai.traces.share", Kind.PERCENT, "100", "Of how many events in a hundred traces are made."),
    HUB(
            "serai.hub",
            Kind.TEXT,
            "",
            "For commands: ask this hub, such as https://hub.example.com, and not the one of these settings."),
    HUB_TOKEN(
            "serai.hub.token",
            Kind.SECRET,
            "",
            "For commands: the API token they show that hub, of serai tokens create. Never a flag, which others could read."),
    HUB_TOKEN_FILE("serai.hub.token-file", Kind.TEXT, "", "For commands: a file that holds that token."),
    HUB_PLAIN_HTTP(
            "serai.hub.plain-http",
            Kind.YES_NO,
            "no",
            "For commands: yes lets the token travel by http:// to other machines, where everybody on the way can read it."),
    HUB_NAME("serai.hub.name", Kind.TEXT, "", "Name of this hub in claims and logs. Empty: host name and process id."),
    LOG_FORMAT("serai.log.format", Kind.LOG_FORMAT, "auto", "auto, text or json; auto is text on a terminal.");

    private final String key;
    private final Kind kind;
    private final String byDefault;
    private final String meaning;

    Setting(String key, Kind kind, String byDefault, String meaning) {
        this.key = key;
        this.kind = kind;
        this.byDefault = byDefault;
        this.meaning = meaning;
    }

    /** The name in {@code serai.properties}. */
    public String key() {
        return key;
    }

    public String byDefault() {
        return byDefault;
    }

    public String meaning() {
        return meaning;
    }

    public boolean secret() {
        return kind == Kind.SECRET;
    }

    /** What a value must look like, in words. */
    public String expected() {
        return kind.words();
    }

    boolean accepts(String value) {
        return kind.accepts(value);
    }

    /** The name of a setting as an environment variable: {@code serai.http.port} is {@code SERAI_HTTP_PORT}. */
    public static String environmentName(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    static List<String> keys() {
        return Arrays.stream(values()).map(Setting::key).toList();
    }
}
