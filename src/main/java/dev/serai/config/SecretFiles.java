package dev.serai.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder with a file for each secret: {@code mailchimp.api-key} or {@code MAILCHIMP_API_KEY} holds the value. A file that
 * is replaced, as Kubernetes does when a secret is changed, is seen within a second.
 */
final class SecretFiles {
    private static final long FRESH = Duration.ofSeconds(1).toNanos();
    /** A secret is a line or a key; a larger file lies there by mistake. */
    private static final long LARGEST = 64 * 1024;

    private final Path folder;
    private volatile Read read;

    private record Read(Map<String, String> values, long at) {}

    private SecretFiles(Path folder) {
        this.folder = folder;
        this.read = folder == null ? new Read(Map.of(), 0) : read();
    }

    /** @throws SettingsRefused when the folder can't be read */
    static SecretFiles of(String folder) {
        return new SecretFiles(folder == null || folder.isBlank() ? null : Path.of(folder));
    }

    Optional<String> get(String name) {
        if (folder == null) {
            return Optional.empty();
        }
        if (System.nanoTime() - read.at > FRESH) {
            read = again();
        }
        String value = read.values.get(name);
        return Optional.ofNullable(value == null ? read.values.get(Setting.environmentName(name)) : value);
    }

    /** While the folder is swapped, what was read before stays. */
    private Read again() {
        try {
            return read();
        } catch (SettingsRefused e) {
            return new Read(read.values, System.nanoTime());
        }
    }

    private Read read() {
        var values = new HashMap<String, String>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                if (!name.startsWith(".") && Files.size(file) <= LARGEST) {
                    // an editor's last line break is not part of the secret
                    values.put(
                            name, Files.readString(file, StandardCharsets.UTF_8).strip());
                }
            }
        } catch (IOException e) {
            throw new SettingsRefused(List.of(Setting.SECRETS_DIR.key() + " = \"" + folder
                    + "\": the folder or a file in it can't be read; name a folder that this user may read"));
        }
        return new Read(Map.copyOf(values), System.nanoTime());
    }
}
