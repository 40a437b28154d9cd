package io.springtide.master.http;

/**
 * Names of the events on {@code /v2/events}. Who asks for none by name gets Marathon's own and no others:
 * strict clients fail on those.
 */
final class EventTypes {

    /** Ours: a policy has decided on a count. */
    static final String AUTOSCALE = "autoscale_event";

    static final String API_POST = "api_post_event";
    static final String POD_CREATED = "pod_created_event";
    static final String POD_UPDATED = "pod_updated_event";
    static final String POD_DELETED = "pod_deleted_event";
    static final String STATUS_UPDATE = "status_update_event";
    static final String INSTANCE_CHANGED = "instance_changed_event";
    static final String INSTANCE_HEALTH_CHANGED = "instance_health_changed_event";
    static final String HEALTH_STATUS_CHANGED = "health_status_changed_event";
    static final String FAILED_HEALTH_CHECK = "failed_health_check_event";
    static final String UNHEALTHY_KILL = "unhealthy_instance_kill_event";
    static final String ADD_HEALTH_CHECK = "add_health_check_event";
    static final String REMOVE_HEALTH_CHECK = "remove_health_check_event";
    static final String UNKNOWN_TERMINATED = "unknown_instance_terminated_event";
    static final String APP_TERMINATED = "app_terminated_event";
    static final String GROUP_CHANGE_SUCCESS = "group_change_success";
    static final String DEPLOYMENT_INFO = "deployment_info";
    static final String DEPLOYMENT_STEP_SUCCESS = "deployment_step_success";
    static final String DEPLOYMENT_SUCCESS = "deployment_success";
    static final String DEPLOYMENT_FAILED = "deployment_failed";
    static final String STREAM_ATTACHED = "event_stream_attached";
    static final String STREAM_DETACHED = "event_stream_detached";

    /** It is none of Marathon's, and only for those who ask for it by name. */
    static boolean isOurs(String type) {
        return type.equals(AUTOSCALE);
    }

    private EventTypes() {}
}
