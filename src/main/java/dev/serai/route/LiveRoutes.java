package dev.serai.route;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes of files in the hub's own Camel: started, stopped, put back. */
final class LiveRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(LiveRoutes.class);

    private LiveRoutes() {}

    static void load(CamelContext context, FlowFile file) throws Exception {
        Resource resource = ResourceHelper.fromString(file.name(), file.text());
        Timers.stillWhile(
                context, file, () -> PluginHelper.getRoutesLoader(context).loadRoutes(resource));
    }

    /** @param file null for none */
    static void restore(CamelContext context, FlowFile file) {
        try {
            if (file != null) {
                load(context, file);
            }
        } catch (Exception e) {
            LOG.error("flow.not_restored file={}: {}", file.name(), e.getMessage());
        }
    }

    /** @param file null for none @param dependents files whose routes name what it declares */
    static void stopAll(CamelContext context, FlowFile file, List<FlowFile> dependents) {
        dependents.forEach(dependent -> stop(context, dependent));
        if (file != null) {
            stop(context, file);
        }
    }

    static void stop(CamelContext context, FlowFile file) {
        for (String id : file.routes().keySet()) {
            try {
                if (context.getRoute(id) != null) {
                    context.getRouteController().stopRoute(id);
                }
                context.removeRoute(id);
            } catch (Exception e) {
                LOG.warn("flow.not_stopped flow={}: {}", id, e.getMessage());
            }
        }
        file.configurations().forEach(id -> forget(context, id));
    }

    /** Camel keeps the first error handling of a name for good; only what was removed can be declared anew. */
    private static void forget(CamelContext context, String configuration) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        RouteConfigurationDefinition declared = model.getRouteConfigurationDefinition(configuration);
        try {
            if (declared != null) {
                model.removeRouteConfiguration(declared);
            }
        } catch (Exception e) {
            LOG.warn("errors.not_removed configuration={}: {}", configuration, e.getMessage());
        }
    }
}
