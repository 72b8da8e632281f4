package dev.serai.route;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzComponent;
import org.quartz.Scheduler;

/** {@code quartz:} as this hub uses it. */
final class Timers {
    private static final String SCHEME = "quartz";

    /** What is done while no timer goes off. */
    interface Work {
        void run() throws Exception;
    }

    private Timers() {}

    /** The component with {@linkplain TimerThreads threads} that end at once, and else as Quartz comes. */
    static QuartzComponent component() {
        var quartz = new QuartzComponent();
        quartz.setProperties(Map.of(
                "org.quartz.scheduler.instanceName", "DefaultQuartzScheduler",
                "org.quartz.threadPool.class", TimerThreads.class.getName(),
                "org.quartz.jobStore.misfireThreshold", "60000"));
        return quartz;
    }

    /** The same where nothing runs: no timer goes off. */
    static QuartzComponent still() {
        var quartz = component();
        quartz.setAutoStartScheduler(false);
        return quartz;
    }

    /**
     * Loads a file. Camel hands a timer to Quartz before its route is there; one that is due in that moment finds no route, and
     * Camel then takes the timer away again, for good. So none goes off until the file is loaded.
     */
    static void stillWhile(CamelContext context, FlowFile file, Work load) throws Exception {
        if (!file.text().contains(SCHEME)) {
            load.run();
            return;
        }
        Scheduler scheduler =
                context.getComponent(SCHEME, QuartzComponent.class).getScheduler();
        scheduler.standby();
        try {
            load.run();
        } finally {
            scheduler.start();
        }
    }
}
