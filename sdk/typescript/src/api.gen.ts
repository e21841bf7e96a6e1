// Types of the REST interface, made from docs/openapi.json by `npm run types`. Not to be edited.

export interface paths {
    "/api/v1/agent-counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts agents. */
        get: operations["count_agents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists agents in the order of their names. A page may be short and still have a next one. */
        get: operations["list_agents"];
        put?: never;
        /**
         * Registers one agent or many, durably, and publishes what they offer. Repeating it is a renewal. An entry that is
         *     refused because of its offering alone may be registered all the same: repeat it.
         */
        post: operations["register_agents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/deregister": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes agents out of the registry and off the marketplace. What they hold ends with its leases. */
        post: operations["deregister_agents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Agents finish what they hold and get nothing new in their present lives. */
        post: operations["drain_agents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/quarantine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An operator's word: agents of these names get no work until they are released, registered now or later. */
        post: operations["quarantine_agents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An operator's word: agents of these names may have work again. */
        post: operations["release_agents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/renew": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Renews up to 10,000 agents by name and epoch. Each has its own answer. */
        post: operations["renew_agents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/states": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Agents say what they are doing, up to 10,000 at once. It counts as a renewal. Each has its own answer. */
        post: operations["set_agent_states"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gets one agent with what it offers. */
        get: operations["get_agent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists cases in the natural order of their ids. A page may be short and still have a next one. */
        get: operations["list_cases"];
        put?: never;
        /** Launches one case. With an idempotency key, a repetition finds the same case. */
        post: operations["launch_case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Launches up to 10,000 cases under few durable writes. Each has its own answer. */
        post: operations["launch_cases"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gets one case, open or ended, with its marking, items, data and incidents. */
        get: operations["get_case"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancels a case with all its work items. */
        post: operations["cancel_case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists what happened in a case, oldest first. */
        get: operations["get_case_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/or-joins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Explains the OR-joins of a case that have a token before them: which may start, and which arc and path a
         *     further token can still take to the others.
         */
        get: operations["explain_or_joins"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Resumes a suspended case; tries again what ended in an incident. */
        post: operations["resume_case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Suspends a case: work in progress may finish, nothing new is enabled. */
        post: operations["suspend_case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/claims": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Claims work: up to `max` items, checked out under leases, durably. With `wait_ms` the answer comes when there is
         *     work, or when the time is over. A client that goes away while it waits loses nothing. Who found nothing is told when
         *     to come back.
         */
        post: operations["claim_work"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Streams changes of cases as server-sent events: `data` is a change; an event `lagged` says that some were missed. */
        get: operations["stream_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists groups in the order of their ids. */
        get: operations["list_groups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gets one group. */
        get: operations["get_group"];
        /** Adds a group or replaces what is known of it. */
        put: operations["put_group"];
        post?: never;
        /** Removes a group. Refused while something belongs to it. */
        delete: operations["delete_group"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hand-offs/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The receiver takes the item: it is the holder from now on, under a new epoch, and the old one is void. It must be
         *     registered, live and capable. A token is good once; with an idempotency key a repetition finds the same answer.
         */
        post: operations["accept_hand_off"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leases/fail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Gives up to 10,000 items back that their holder could not do: they rest, can be claimed again, and after too many
         *     attempts are dead letters. Each has its own answer.
         */
        post: operations["fail_leases"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leases/renew": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets up to 10,000 leases go on, each from now for its term. Each has its own answer. */
        post: operations["renew_leases"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leases/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives up to 10,000 items back unharmed: others may claim them at once. Each has its own answer. */
        post: operations["return_leases"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/marketplace/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Publishes what up to 10,000 registered agents offer, in place of what each offered before. Each has its own answer. */
        post: operations["publish_offerings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/marketplace/resync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes the indexes anew from the listings, and tells which had been wrong: that none is, is what is expected. */
        post: operations["resync_marketplace"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/marketplace/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Finds agents by one of seven kinds of query. */
        post: operations["search_marketplace"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/marketplace/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sizes of the marketplace and its indexes, counted through: for an operator, not for every second. */
        get: operations["get_marketplace_stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/marketplace/unpublish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes what up to 10,000 agents offer off the marketplace. They stay registered. Each has its own answer. */
        post: operations["unpublish_offerings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/participants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists participants in the order of their ids. */
        get: operations["list_participants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/participants/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gets one participant. */
        get: operations["get_participant"];
        /** Adds a participant or replaces what is known of it. */
        put: operations["put_participant"];
        post?: never;
        /** Removes a participant: nothing is offered to it any more. What it is asked to do already stays until an administrator moves it. */
        delete: operations["delete_participant"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/participants/{id}/unchain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A participant has new items of the case no longer. What is started stays so. */
        post: operations["unchain_case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/participants/{id}/unpile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A participant has new items of the task no longer. What is started stays so. */
        post: operations["unpile_task"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/participants/{id}/worklist": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One participant's list, oldest first. */
        get: operations["list_worklist_of_participant"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/participants/{id}/worklist/{item}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A participant does something with an item. */
        post: operations["act_on_worklist_item"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/positions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists positions in the order of their ids. */
        get: operations["list_positions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/positions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gets one position. */
        get: operations["get_position"];
        /** Adds a position or replaces what is known of it. */
        put: operations["put_position"];
        post?: never;
        /** Removes a position. Refused while somebody holds it. */
        delete: operations["delete_position"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists reviews that have begun, without their votes. With `phase=human-needed`: what people are asked to settle. */
        get: operations["list_reviews"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists roles in the order of their ids. */
        get: operations["list_roles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roles/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gets one role. */
        get: operations["get_role"];
        /** Adds a role or replaces what is known of it. */
        put: operations["put_role"];
        post?: never;
        /** Removes a role. Refused while something names it. */
        delete: operations["delete_role"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists sessions in the order of their numbers. */
        get: operations["list_sessions"];
        put?: never;
        /** Opens a session. Agents that are registered in it are renewed with it, thousands by one number. */
        post: operations["open_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/renew": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Renews up to 10,000 sessions with all their agents. Each has its own answer. */
        post: operations["renew_sessions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gets one session. `GET /agents?session=` lists its agents. */
        get: operations["get_session"];
        put?: never;
        post?: never;
        /** Closes a session and deregisters its agents. What they held ends with their leases. */
        delete: operations["close_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Streams what the agents of a session lose, are about to lose and are given, as server-sent events: `cancelled`,
         *     `lease-ending`, `lease-ended`, `item`, `lagged`. A session has one stream: whoever opens it ends the one before. What
         *     happened before it was opened is not told: renew the leases that your agents hold.
         */
        get: operations["stream_session_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/push": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Says to which agents of the session work is pushed, in place of what was said before, as long as this stream is open.
         *     Each has its own answer; nothing is pushed to one that is refused.
         */
        put: operations["push_work"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/specifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists all loaded specifications. */
        get: operations["list_specifications"];
        put?: never;
        /**
         * Uploads a .yawl document. The same document again gives the same answer.
         * @description Findings of the rules `sound-*` say how a case can go wrong; whether that refuses the upload is the
         *     server's policy.
         */
        post: operations["upload_specifications"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/specifications/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Verifies a .yawl document without loading it. */
        post: operations["verify_specifications"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/specifications/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gets one specification with its nets, the author's layout, and whether a case can go wrong. */
        get: operations["get_specification"];
        put?: never;
        post?: never;
        /** Unloads a specification. Refused while cases of it are open. */
        delete: operations["delete_specification"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/specifications/{key}/source": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gets the document as it was uploaded. */
        get: operations["get_specification_source"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work-items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists work items of open cases, without their data. A page may be short and still have a next one. */
        get: operations["list_work_items"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work-items/checkin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Checks in up to 10,000 items. Each has its own answer. */
        post: operations["checkin_work_items"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work-items/checkout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Checks out up to 10,000 items. Each has its own answer. */
        post: operations["checkout_work_items"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work-items/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gets one work item with its data. */
        get: operations["get_work_item"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work-items/{id}/checkin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Checks an executing item in; one that is held under a lease with the lease's epoch. A result that breaks its types is
         *     refused and the item stays as it is.
         */
        post: operations["checkin_work_item"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work-items/{id}/checkout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Checks an enabled or fired item out. The answer names the item that now executes. */
        post: operations["checkout_work_item"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work-items/{id}/complete-task": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Completes the item's multiple-instance task with the results that it has; instances without one are cancelled. */
        post: operations["complete_task_of_work_item"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work-items/{id}/fail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Completes an item as failed, with what data there is. */
        post: operations["fail_work_item"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work-items/{id}/fail-attempt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Gives one item back that its holder could not do: it rests, can be claimed again, and after too many attempts is a
         *     dead letter. (`/fail` is another thing: it completes the item as failed.)
         */
        post: operations["fail_lease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work-items/{id}/force": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Completes an item by force, defaults filled in. */
        post: operations["force_work_item"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work-items/{id}/hand-off": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The holder of an item lets another agent have it: makes a token for that agent. The item stays where it is until the
         *     token is accepted.
         */
        post: operations["hand_off_work_item"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work-items/{id}/instances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds an instance beside this executing one of a dynamic multiple-instance task. */
        post: operations["add_work_item_instance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work-items/{id}/requeue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An operator's word: a dead letter can be claimed again, as if it had never failed. */
        post: operations["requeue_work_item"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work-items/{id}/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives one item back unharmed: others may claim it at once. */
        post: operations["return_lease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work-items/{id}/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gets the review of one item: what is asked, who has voted for what, who holds a ballot, how votes count. */
        get: operations["get_review"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work-items/{id}/review/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A person settles what neither votes nor arbiter have settled: the item is completed with this result. One that
         *     breaks its types is refused, and the review waits on.
         */
        post: operations["resolve_review"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work-items/{id}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Brings an executing item back to fired, for somebody else to check out. */
        post: operations["rollback_work_item"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work-items/{id}/skip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Starts an enabled item and completes it with mapped data. */
        post: operations["skip_work_item"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work-items/{id}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Suspends a live item. */
        post: operations["suspend_work_item"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work-items/{id}/unsuspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Brings a suspended item back to what it was. */
        post: operations["unsuspend_work_item"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/worklist": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An administrator's list: all items that participants are asked to do, oldest first. */
        get: operations["list_worklist"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/worklist/{item}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gets one item with what its task says of it. */
        get: operations["get_worklist_item"];
        put?: never;
        /** An administrator does something with an item. */
        post: operations["administer_worklist_item"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description What became of it. */
        Acted: {
            /** @description Of a started item: input data as XML. */
            data?: string | null;
            /**
             * Format: int64
             * @description Of an item that an agent has started: to be shown with the result, and renewed.
             */
            epoch?: number | null;
            /** @description The item's id, which changes when it is started. */
            item: string;
        };
        /** @description What a participant does with an item. */
        Action: {
            /** @enum {string} */
            action: "accept";
        } | {
            /** @enum {string} */
            action: "start";
        } | {
            /** @enum {string} */
            action: "deallocate";
        } | {
            /** @enum {string} */
            action: "delegate";
            to: string;
        } | {
            /** @enum {string} */
            action: "reallocate-stateless";
            to: string;
        } | {
            /** @enum {string} */
            action: "reallocate-stateful";
            to: string;
        } | {
            /** @enum {string} */
            action: "suspend";
        } | {
            /** @enum {string} */
            action: "resume";
        } | {
            /** @enum {string} */
            action: "skip";
        } | {
            /** @enum {string} */
            action: "pile";
        } | {
            /** @enum {string} */
            action: "chain";
        };
        /** @description What an administrator does with an item. */
        AdministratorAction: {
            /** @enum {string} */
            action: "offer";
            to: string[];
        } | {
            /** @enum {string} */
            action: "allocate";
            to: string;
        } | {
            /** @enum {string} */
            action: "start";
            to: string;
        } | {
            /** @enum {string} */
            action: "redistribute";
        };
        /** @description A registered agent. */
        Agent: {
            agent: string;
            capabilities: string[];
            description: string;
            draining: boolean;
            endpoint: string;
            /** Format: int64 */
            epoch: number;
            /** @description Of its session. */
            host?: string | null;
            /** @description `live`, `stale` or `dead`. */
            liveness: string;
            metadata: {
                [key: string]: string;
            };
            name: string;
            offering?: components["schemas"]["Offering"] | null;
            /** @description Why it is in quarantine, if it is. */
            quarantine?: string | null;
            /** Format: int64 */
            renewed_ms_ago: number;
            /** Format: int64 */
            session?: number | null;
            /** Format: int32 */
            slot: number;
            /** @description `INITIALIZING`, `DISCOVERING`, `PROCESSING`, `STOPPING` or `STOPPED`. */
            state: string;
            version: string;
        };
        /** @description The agent that was acted on. */
        AgentDone: {
            agent: string;
        };
        /** @description Agents by name, in whichever life: to drain, to release from quarantine. */
        AgentNames: {
            /** @description At most 10,000. */
            agents: string[];
        };
        /** @enum {string} */
        Answer: "yes" | "no" | "unknown";
        /** @enum {string} */
        Arrival: "new" | "same" | "updated" | "replaced";
        BTreeMap: {
            [key: string]: {
                [key: string]: {
                    /** Format: double */
                    height: number;
                    /** Format: double */
                    width: number;
                    /** Format: double */
                    x: number;
                    /** Format: double */
                    y: number;
                };
            };
        };
        /** @description What an agent holds of an item under review. */
        Ballot: {
            /**
             * Format: int32
             * @description 1 to the quorum for a vote, 0 for the arbiter's word.
             */
            number: number;
            /**
             * Format: int32
             * @description Agents that answer the item.
             */
            quorum: number;
            /** @description What the arbiter has to decide between; empty for those who vote. */
            votes: components["schemas"]["Vote"][];
        };
        /**
         * @description Event `cancelled`: the item that the agent holds is gone from the net, or was taken away. A result under this epoch
         *     is refused.
         */
        Cancelled: {
            agent: string;
            case: string;
            /**
             * Format: int64
             * @description Of the lease that is over.
             */
            epoch: number;
            item: string;
            /**
             * @description `cancelled` (by the net, or by an operator), `case-cancelled`, `case-ended` (it came to its end without the item),
             *     `withdrawn`, `rolled-back`, `completed-elsewhere` or `handed-off`. There may be more one day.
             */
            reason: string;
        };
        /** @description A case with all that can be seen of it. */
        CaseDetail: components["schemas"]["CaseHead"] & {
            /** @description Running net, such as `7` or `7.2`, → XML of its variables. */
            data: {
                [key: string]: string;
            };
            incidents: components["schemas"]["Incident"][];
            items: components["schemas"]["WorkItem"][];
            /** @description Of a case that ended in a deadlock: the tokens that no task could take. */
            leftover: {
                [key: string]: components["schemas"]["Mark"];
            };
            /** @description `case/element` of each marked element, such as `7/c1` or `7.2/A`, → what it holds. */
            marking: {
                [key: string]: components["schemas"]["Mark"];
            };
            /** @description Output data of the root net, once completed. */
            output?: string | null;
            /** @description Of the request that launched it, if it had one. */
            traceparent?: string | null;
        };
        /** @description The case that was acted on. */
        CaseDone: {
            case: string;
        };
        /** @description What a list and the case itself both show. */
        CaseHead: {
            case: string;
            ended_at?: components["schemas"]["Timestamp"] | null;
            launched_at: components["schemas"]["Timestamp"];
            /**
             * Format: int64
             * @description Work items that wait for someone or are worked on.
             */
            open_items: number;
            specification: string;
            /** @description `scheduled`, `running`, `suspended`, `completed`, `deadlocked`, `emptied` or `cancelled`. */
            status: string;
        };
        /** @description A case in a list. */
        CaseSummary: components["schemas"]["CaseHead"] & {
            /**
             * Format: int64
             * @description Tasks that the engine could not go on with.
             */
            incidents: number;
        };
        Category: {
            name: string;
            subcategory?: string | null;
        };
        /** @description One message of the event stream. */
        Change: {
            case: string;
            /**
             * Format: int64
             * @description Rises within a case; ask again for what was read at a lower position.
             */
            position: number;
            /** @description What happened, such as `launched` or `completed`. */
            what: string;
        };
        /** @description The item that now executes. Its id differs from the enabled item's. */
        CheckedOut: {
            /** @description Input data as XML. */
            data: string;
            item: string;
        };
        /** @description A result. */
        Checkin: {
            /** @description The same id again gives the same answer and counts once. */
            command_id?: string | null;
            confidence?: components["schemas"]["Part"] | null;
            /** @description XML element named as the task's decomposition, one child per output parameter. */
            data: string;
            /**
             * Format: int64
             * @description Of the lease under which the item is held. Left out by whoever checked it out without one.
             */
            epoch?: number | null;
            /** @description Why, for people who look into a review. Cut at 512 characters. */
            reasoning?: string | null;
        };
        /** @description Check in many. */
        CheckinBatch: {
            /** @description At most 10,000. */
            results: components["schemas"]["CheckinEntry"][];
        };
        CheckinEntry: {
            command_id?: string | null;
            confidence?: components["schemas"]["Part"] | null;
            data: string;
            /**
             * Format: int64
             * @description Of the lease under which the item is held, if it is.
             */
            epoch?: number | null;
            item: string;
            /** @description Why, for people who look into a review. Cut at 512 characters. */
            reasoning?: string | null;
        };
        CheckinResult: components["schemas"]["ItemDone"] | {
            problem: components["schemas"]["Problem"];
        };
        /** @description Answers in the order of the request. */
        CheckinResults: {
            results: components["schemas"]["CheckinResult"][];
        };
        /** @description Check out many. */
        CheckoutBatch: {
            /** @description At most 10,000 ids. */
            items: string[];
        };
        CheckoutResult: components["schemas"]["CheckedOut"] | {
            problem: components["schemas"]["Problem"];
        };
        /** @description Answers in the order of the request. */
        CheckoutResults: {
            results: components["schemas"]["CheckoutResult"][];
        };
        /** @description An agent asks for work. */
        Claim: {
            agent: string;
            /** @description What of its capabilities it wants to use. Absent: all of them. */
            capabilities?: string[] | null;
            /** @description Kind of client: claims of one kind that fail do not keep the others away. At most 64 visible ASCII characters. */
            class?: string;
            /**
             * Format: int64
             * @description As the registration gave it.
             */
            epoch: number;
            /** @description Items wanted, 1 to 1,000. */
            max?: number;
            /**
             * Format: int64
             * @description How long the agent may be silent on each item: 1,000 to 86,400,000.
             */
            term_ms?: number;
            /**
             * Format: int64
             * @description How long to wait for work, at most 60,000. 0: not at all.
             */
            wait_ms?: number;
        };
        /** @description What an agent got. */
        Claimed: {
            items: components["schemas"]["ClaimedItem"][];
            /**
             * Format: int64
             * @description If there is nothing: when to ask again. Also the header `Retry-After`, in seconds.
             */
            retry_after_ms?: number | null;
        };
        /** @description An item that the agent holds now. */
        ClaimedItem: {
            /**
             * Format: int32
             * @description Which attempt this is, 1 for the first.
             */
            attempt: number;
            ballot?: components["schemas"]["Ballot"] | null;
            /** @description What the task asks of an agent: one of those that the claim named, in small letters. */
            capability?: string | null;
            case: string;
            /** @description Input data as XML. */
            data: string;
            enabled_at: components["schemas"]["Timestamp"];
            /** @description When the lease ends if it is not renewed, by the server's wall clock. What counts is `term_ms`. */
            ends_at: components["schemas"]["Timestamp"];
            /**
             * Format: int64
             * @description Of the lease: shown with the result.
             */
            epoch: number;
            item: string;
            specification: string;
            task: string;
            task_name: string;
            /**
             * Format: int64
             * @description How long the agent may be silent, counted from this answer.
             */
            term_ms: number;
            /** @description Of the request that launched the case, if it had one (W3C Trace Context): work on the item is part of that trace. */
            traceparent?: string | null;
        };
        Condition: {
            id: string;
            kind: components["schemas"]["ConditionKind"];
            name?: string | null;
        };
        /** @enum {string} */
        ConditionKind: "input" | "output" | "ordinary";
        /** @description A kind of transition that an agent can stand in for. */
        Contract: {
            input_tokens?: string[];
            maintains_soundness?: boolean;
            output_tokens?: string[];
            /** @description Numbers of control-flow patterns, 1 to 43. */
            wcp_patterns?: number[];
        };
        /** @description What calling the agent costs. */
        Cost: {
            /** Format: double */
            base_price_per_cycle?: number;
            /** Format: double */
            construct_queries_per_call?: number;
            /**
             * Format: double
             * @description Share of the calls that a language model answers, 0 to 1.
             */
            llm_inference_ratio?: number;
            pricing?: components["schemas"]["Pricing"];
        };
        /** @description How many agents there are. */
        Counts: {
            /** Format: int64 */
            draining: number;
            /**
             * Format: int64
             * @description As of the last look, a tenth of a second ago.
             */
            live: number;
            /**
             * Format: int64
             * @description Names in quarantine, whether an agent has them now or not.
             */
            quarantined: number;
            /** Format: int64 */
            registered: number;
            /**
             * Format: int64
             * @description Registered and not live.
             */
            stale: number;
            /** @description By state, such as `DISCOVERING`. */
            states: {
                [key: string]: number;
            };
        };
        /** @description What of the knowledge graph an agent understands. */
        Coverage: {
            construct_templates?: string[];
            namespaces?: string[];
            sparql_patterns?: string[];
        };
        /** @description How many keys an index has, and how much is under each. */
        Depth: {
            /** Format: double */
            depth_avg: number;
            /** Format: int64 */
            depth_max: number;
            /** Format: int64 */
            entries: number;
            /** Format: int64 */
            keys: number;
        };
        /** @description One statement of the verifier about one element. */
        Finding: {
            /** @description `AtomicTask:A`, `Condition:c`, `YNet:N`. */
            element: string;
            message: string;
            position?: components["schemas"]["Position"] | null;
            remedy: string;
            /** @description A stable code in kebab case. */
            rule: string;
            severity: components["schemas"]["Severity"];
        };
        /** @description An arc. From task to task it stands for an implicit condition. */
        Flow: {
            from: string;
            is_default: boolean;
            label?: string | null;
            predicate?: string | null;
            to: string;
            /**
             * Format: int32
             * @description How many tokens it carries; more than one is an extension.
             */
            tokens: number;
        };
        /** @description Part of an answer. */
        Found: {
            items: components["schemas"]["Listing"][];
            /** @description Give this as `after` to go on; null at the end. */
            next?: string | null;
            /** @description Looking for more would have taken too long: the page is short, and `next` goes on. */
            partial: boolean;
        };
        /** @enum {string} */
        Gate: "and" | "or" | "xor";
        /** @description A result that may be left out: for `force` and `fail`. */
        Given: {
            command_id?: string | null;
            data?: string | null;
        };
        /** @description An item that participants are asked to do. */
        GivenItem: {
            case: string;
            enabled_at: components["schemas"]["Timestamp"];
            /** @description `7:A` until it is started, `7.1:A` then. */
            item: string;
            lease?: components["schemas"]["Lease"] | null;
            /**
             * Format: int64
             * @description Its place in every queue: items are older than those with greater numbers.
             */
            number: number;
            /** @description Whom it is offered to, or who has it. */
            participants: string[];
            queue: components["schemas"]["QueueName"];
            /** @description Why it is offered to nobody: `fresh`, `by-administrator`, `nobody-named`, `nobody-left`, `not-started`, `full`. */
            reason?: string | null;
            specification: string;
            started_at?: components["schemas"]["Timestamp"] | null;
            /** @description The net's status of it, as `GET /work-items/{id}` gives it. */
            status: string;
            task: string;
            task_name: string;
        };
        /** @description One item with what its task says beside whom it is for. */
        GivenItemDetail: components["schemas"]["GivenItem"] & {
            /** @description Who gave it back. */
            deallocated_by: string[];
            /** @description What can be done with it by those who have the privilege. */
            privileges: components["schemas"]["TaskPrivilege"][];
            /** @description What the task needs beside whoever does it. Nothing is reserved. */
            secondary: components["schemas"]["Secondary"];
        };
        /** @description A part of the organisation that positions belong to. */
        Group: components["schemas"]["GroupEntry"] & {
            group: string;
        };
        GroupEntry: {
            /** @description The group that it is part of. */
            above?: string | null;
            name?: string;
        };
        /** @description The holder of an item wants another agent to have it. */
        HandOff: {
            /**
             * Format: int64
             * @description Of its lease.
             */
            epoch: number;
            /** @description The holder. */
            from: string;
            /** @description Who is to have it. */
            to: string;
        };
        /** @description The receiver takes the item. */
        HandOffAcceptance: {
            /** @description The receiver. */
            agent: string;
            /**
             * Format: int64
             * @description As the receiver's registration gave it.
             */
            epoch: number;
            token: string;
        };
        /** @description A hand-off that waits to be accepted. The item stays with its holder until then. */
        HandOffOffer: {
            /** Format: int64 */
            epoch: number;
            expires_at: components["schemas"]["Timestamp"];
            /** Format: int64 */
            expires_in_ms: number;
            from: string;
            item: string;
            to: string;
            /** @description For `to`, and for nobody else: good once, for this item, as long as this lease lasts and no longer than `expires_in_ms`. */
            token: string;
        };
        /** @description The lease under which the item in the path is held. */
        Held: {
            command_id?: string | null;
            /** Format: int64 */
            epoch: number;
        };
        /** @description A ballot that was claimed. */
        HeldBallot: {
            lease: components["schemas"]["Lease"];
            /** Format: int32 */
            number: number;
        };
        HeldItem: {
            command_id?: string | null;
            /** Format: int64 */
            epoch: number;
            item: string;
        };
        /** @description Items that their holder gives back. */
        HeldItems: {
            /** @description At most 10,000. */
            items: components["schemas"]["HeldItem"][];
        };
        /** @description One thing that happened. */
        HistoryEntry: {
            at: components["schemas"]["Timestamp"];
            /** @description In words and names. */
            detail: string;
            /** @description What happened, such as `enabled` or `case-ended`. */
            event: string;
            /**
             * Format: int64
             * @description Rises within a case.
             */
            position: number;
        };
        /** @description An agent in one of its lives. */
        Incarnation: {
            agent: string;
            /**
             * Format: int64
             * @description As the registration gave it.
             */
            epoch: number;
        };
        /** @description Agents in their present lives: to renew, to deregister, to take off the marketplace. */
        Incarnations: {
            /** @description At most 10,000. */
            agents: components["schemas"]["Incarnation"][];
        };
        /** @description A task that the engine could not go on with; resuming the case tries again. */
        Incident: {
            /** @description `7:A`: the task A of the net that runs as 7. */
            item: string;
            reason: string;
        };
        /** @description The work item that was acted on or added. */
        ItemDone: {
            item: string;
        };
        /** @description Sent as event `lagged` to a reader that was too slow: it must read afresh what it shows. */
        Lagged: {
            /** Format: int64 */
            missed: number;
        };
        /** @description How long calls take at a graph of one size: percentiles in milliseconds, none less than the one before it. */
        LatencyProfile: {
            /** Format: int64 */
            graph_triples: number;
            /** Format: int64 */
            p50_ms: number;
            /** Format: int64 */
            p95_ms: number;
            /** Format: int64 */
            p99_ms: number;
        };
        /** @description Asks for a new case. */
        Launch: {
            /** @description A name for the case: 1 to 128 letters, digits, `_` or `-`. Numbered if absent. */
            case?: string | null;
            /** @description The same id again gives the same answer and no second case. */
            command_id?: string | null;
            /** @description XML element named as the root net or the specification, one child per input parameter. */
            data?: string | null;
            /** @description The specification's key. */
            specification: string;
            start_at?: components["schemas"]["Timestamp"] | null;
            /** @description The trace that the case belongs to, as W3C Trace Context writes it. Instead of the header of this name. */
            traceparent?: string | null;
        };
        /** @description Asks for many cases in one durable write. */
        LaunchBatch: {
            /** @description At most 10,000. */
            launches: components["schemas"]["Launch"][];
        };
        LaunchResult: components["schemas"]["Launched"] | {
            problem: components["schemas"]["Problem"];
        };
        /** @description Answers in the order of the launches. */
        LaunchResults: {
            results: components["schemas"]["LaunchResult"][];
        };
        /** @description A case that exists. */
        Launched: {
            case: string;
            launched_at: components["schemas"]["Timestamp"];
            specification: string;
            status: string;
        };
        /** @description Who holds an item, or why nobody may. */
        Lease: {
            /**
             * Format: int32
             * @description Claims without a result so far.
             */
            attempts: number;
            /**
             * Format: int64
             * @description The last one given for this item.
             */
            epoch: number;
            holder?: string | null;
            /** @description `held`, `free`, `resting` or `dead-letter`. */
            standing: string;
        };
        /** @description Event `lease-ended`: the lease was not renewed in time. */
        LeaseEnded: {
            agent: string;
            /** Format: int64 */
            epoch: number;
            item: string;
        };
        /** @description Event `lease-ending`: a lease ends soon and was not renewed. Once for each term. */
        LeaseEnding: {
            agent: string;
            /** @description By the server's wall clock. What counts is `left_ms`. */
            ends_at: components["schemas"]["Timestamp"];
            /** Format: int64 */
            epoch: number;
            item: string;
            /** Format: int64 */
            left_ms: number;
        };
        LeaseRenewal: {
            /** Format: int64 */
            epoch: number;
            item: string;
            /**
             * Format: int64
             * @description From now on: 1,000 to 86,400,000.
             */
            term_ms?: number;
        };
        /** @description Lets leases go on. */
        LeaseRenewals: {
            /** @description At most 10,000. */
            leases: components["schemas"]["LeaseRenewal"][];
        };
        /** @description A lease that goes on. */
        LeaseRenewed: {
            /** @description By the server's wall clock. What counts is `left_ms`. */
            ends_at: components["schemas"]["Timestamp"];
            item: string;
            /** Format: int64 */
            left_ms: number;
        };
        /** @description How long an agent that is not renewed stays. */
        Lifetime: {
            /**
             * Format: int64
             * @description From then on it is gone and registers again.
             */
            dead_after_ms: number;
            /**
             * Format: int64
             * @description Renew so often: one renewal may then be lost.
             */
            renew_every_ms: number;
            /**
             * Format: int64
             * @description From then on it gets no work and is not found.
             */
            stale_after_ms: number;
        };
        /** @description An agent with what it offers. */
        Listing: {
            agent: string;
            /** Format: int64 */
            last_heartbeat_ms_ago: number;
            offering: components["schemas"]["Offering"];
            /** Format: int64 */
            registered_ms_ago: number;
        };
        Mark: {
            /** Format: int32 */
            tokens: number;
        } | {
            /** Format: int32 */
            active: number;
            /** Format: int32 */
            complete: number;
            /** Format: int32 */
            entered: number;
            /** Format: int32 */
            executing: number;
        };
        /** @description One net of a specification. */
        Net: {
            conditions: components["schemas"]["Condition"][];
            flows: components["schemas"]["Flow"][];
            id: string;
            is_root: boolean;
            name?: string | null;
            tasks: components["schemas"]["Task"][];
            /** @description When a case of it is over; `implicit` is an extension. */
            termination: components["schemas"]["Termination"];
        };
        /** @description Each net is judged alone; a composite task counts as one that ends. */
        NetSoundness: {
            findings: components["schemas"]["SoundnessFinding"][];
            net: string;
            /** @description Every task can start in some case. */
            no_dead_tasks: components["schemas"]["Answer"];
            /** @description Why the search ended before all states were seen. */
            open?: string | null;
            /** @description From wherever a case is it can still complete. */
            option_to_complete: components["schemas"]["Answer"];
            outcome: components["schemas"]["Soundness"];
            /** @description When a case completes no token is left. */
            proper_completion: components["schemas"]["Answer"];
            /**
             * Format: int64
             * @description States looked at and OR-joins tested.
             */
            states: number;
            /** @description A case can complete, and the other two hold. */
            weakly_sound: components["schemas"]["Answer"];
        };
        /** @description One more instance of a running multiple-instance task. */
        NewInstance: {
            command_id?: string | null;
            /** @description XML element for the instance's formal parameter. */
            data: string;
        };
        /** @description What an agent offers. All texts together have at most 16 KiB. */
        Offering: {
            /** @description SHA-256 of the file that the offering was generated from, in hexadecimal; or empty. */
            content_hash?: string;
            /** @description 4. Cost. */
            cost?: components["schemas"]["Cost"];
            /** @description 2. Ontological coverage. */
            coverage?: components["schemas"]["Coverage"];
            /** @description A sentence or two, at most 1,024 bytes. */
            description?: string;
            /** @description 1. Capability: a name, at most 128 bytes. */
            domain: string;
            /** @description 3. Workflow fit: kinds of transitions that the agent can stand in for. */
            fit?: components["schemas"]["Contract"][];
            /** @description 5. Latency at graphs of several sizes. None: undeclared. */
            latency?: components["schemas"]["LatencyProfile"][];
            spec_version?: string;
        };
        /** @description Asks for a session. */
        OpenSession: {
            /** @description Where its agents run, for people: at most 128 bytes. */
            host?: string;
        };
        /** @description An OR-join that has a token before it and has not started. */
        OrJoin: components["schemas"]["OrJoinAnswer"] & {
            /** @description Conditions before the task that hold a token. */
            marked: string[];
            /** @description The net's id. */
            net: string;
            /** @description The running net, such as `7` or `7.2`. */
            running: string;
            task: string;
            /** @description Conditions before the task that hold none. */
            unmarked: string[];
        };
        /** @description Whether the join may start. */
        OrJoinAnswer: {
            /** @enum {string} */
            answer: "enabled";
        } | {
            /** @enum {string} */
            answer: "waits";
            /** @description The condition before the task that the token can reach. */
            input: string;
            /** @description Ids of conditions and tasks in turn, from where the token is now to `input`. */
            path: string[];
        } | {
            /** @enum {string} */
            answer: "undecided";
        };
        /** @description The OR-joins of a case that have a token before them and have not started. */
        OrJoins: {
            items: components["schemas"]["OrJoin"][];
        };
        /** @description What became of one entry. */
        Outcome_AgentDone: {
            agent: string;
        } | {
            problem: components["schemas"]["Problem"];
        };
        /** @description What became of one entry. */
        Outcome_ItemDone: {
            item: string;
        } | {
            problem: components["schemas"]["Problem"];
        };
        /** @description What became of one entry. */
        Outcome_LeaseRenewed: {
            /** @description By the server's wall clock. What counts is `left_ms`. */
            ends_at: components["schemas"]["Timestamp"];
            item: string;
            /** Format: int64 */
            left_ms: number;
        } | {
            problem: components["schemas"]["Problem"];
        };
        /** @description What became of one entry. */
        Outcome_Pushing: {
            agent: string;
            /** @description Pushed items that it still holds, as when the stream broke and was opened again. */
            in_hand: number;
        } | {
            problem: components["schemas"]["Problem"];
        };
        /** @description What became of one entry. */
        Outcome_Quarantined: {
            agent: string;
            /** @description Whether an agent of this name is registered now. */
            registered: boolean;
        } | {
            problem: components["schemas"]["Problem"];
        };
        /** @description What became of one entry. */
        Outcome_Registered: {
            agent: string;
            arrival: components["schemas"]["Arrival"];
            /**
             * Format: int64
             * @description Of this life: shown with everything that the agent asks for.
             */
            epoch: number;
            /** Format: int32 */
            slot: number;
        } | {
            problem: components["schemas"]["Problem"];
        };
        /** @description What became of one entry. */
        Outcome_Released: {
            agent: string;
            /** @description Whether it had been. */
            was_quarantined: boolean;
        } | {
            problem: components["schemas"]["Problem"];
        };
        /** @description What became of one entry. */
        Outcome_Renewed: {
            agent: string;
            /** @description Finish what is held; nothing new is given. */
            draining: boolean;
            quarantined: boolean;
        } | {
            problem: components["schemas"]["Problem"];
        };
        /** @description What became of one entry. */
        Outcome_SessionAgents: {
            /**
             * Format: int64
             * @description How many agents it has, or had. A host that knows of more registers them again.
             */
            agents: number;
            /** Format: int64 */
            session: number;
        } | {
            problem: components["schemas"]["Problem"];
        };
        /** @description What became of one entry. */
        Outcome_StateSet: {
            agent: string;
            /** @description Whether it was in another one before. */
            changed: boolean;
            state: string;
        } | {
            problem: components["schemas"]["Problem"];
        };
        /** @description Entries in the order of their ids. */
        Page_Agent: {
            items: {
                agent: string;
                capabilities: string[];
                description: string;
                draining: boolean;
                endpoint: string;
                /** Format: int64 */
                epoch: number;
                /** @description Of its session. */
                host?: string | null;
                /** @description `live`, `stale` or `dead`. */
                liveness: string;
                metadata: {
                    [key: string]: string;
                };
                name: string;
                offering?: components["schemas"]["Offering"] | null;
                /** @description Why it is in quarantine, if it is. */
                quarantine?: string | null;
                /** Format: int64 */
                renewed_ms_ago: number;
                /** Format: int64 */
                session?: number | null;
                /** Format: int32 */
                slot: number;
                /** @description `INITIALIZING`, `DISCOVERING`, `PROCESSING`, `STOPPING` or `STOPPED`. */
                state: string;
                version: string;
            }[];
            /** @description Give this as `after` to go on; null at the end. */
            next?: string | null;
        };
        /** @description Entries in the order of their ids. */
        Page_CaseSummary: {
            items: (components["schemas"]["CaseHead"] & {
                /**
                 * Format: int64
                 * @description Tasks that the engine could not go on with.
                 */
                incidents: number;
            })[];
            /** @description Give this as `after` to go on; null at the end. */
            next?: string | null;
        };
        /** @description Entries in the order of their ids. */
        Page_GivenItem: {
            items: {
                case: string;
                enabled_at: components["schemas"]["Timestamp"];
                /** @description `7:A` until it is started, `7.1:A` then. */
                item: string;
                lease?: components["schemas"]["Lease"] | null;
                /**
                 * Format: int64
                 * @description Its place in every queue: items are older than those with greater numbers.
                 */
                number: number;
                /** @description Whom it is offered to, or who has it. */
                participants: string[];
                queue: components["schemas"]["QueueName"];
                /** @description Why it is offered to nobody: `fresh`, `by-administrator`, `nobody-named`, `nobody-left`, `not-started`, `full`. */
                reason?: string | null;
                specification: string;
                started_at?: components["schemas"]["Timestamp"] | null;
                /** @description The net's status of it, as `GET /work-items/{id}` gives it. */
                status: string;
                task: string;
                task_name: string;
            }[];
            /** @description Give this as `after` to go on; null at the end. */
            next?: string | null;
        };
        /** @description Entries in the order of their ids. */
        Page_Group: {
            items: (components["schemas"]["GroupEntry"] & {
                group: string;
            })[];
            /** @description Give this as `after` to go on; null at the end. */
            next?: string | null;
        };
        /** @description Entries in the order of their ids. */
        Page_HistoryEntry: {
            items: {
                at: components["schemas"]["Timestamp"];
                /** @description In words and names. */
                detail: string;
                /** @description What happened, such as `enabled` or `case-ended`. */
                event: string;
                /**
                 * Format: int64
                 * @description Rises within a case.
                 */
                position: number;
            }[];
            /** @description Give this as `after` to go on; null at the end. */
            next?: string | null;
        };
        /** @description Entries in the order of their ids. */
        Page_Participant: {
            items: (components["schemas"]["ParticipantEntry"] & {
                participant: string;
            })[];
            /** @description Give this as `after` to go on; null at the end. */
            next?: string | null;
        };
        /** @description Entries in the order of their ids. */
        Page_Position: {
            items: (components["schemas"]["PositionEntry"] & {
                position: string;
            })[];
            /** @description Give this as `after` to go on; null at the end. */
            next?: string | null;
        };
        /** @description Entries in the order of their ids. */
        Page_ReviewSummary: {
            items: (components["schemas"]["Standing"] & {
                case: string;
                item: string;
                specification: string;
                task: string;
                task_name: string;
            })[];
            /** @description Give this as `after` to go on; null at the end. */
            next?: string | null;
        };
        /** @description Entries in the order of their ids. */
        Page_Role: {
            items: (components["schemas"]["RoleEntry"] & {
                role: string;
            })[];
            /** @description Give this as `after` to go on; null at the end. */
            next?: string | null;
        };
        /** @description Entries in the order of their ids. */
        Page_SessionSummary: {
            items: {
                /** Format: int64 */
                agents: number;
                /** @description Where its agents run, for people. */
                host: string;
                /** Format: int64 */
                opened_ms_ago: number;
                /** Format: int64 */
                renewed_ms_ago: number;
                /** Format: int64 */
                session: number;
                /** @description Whether somebody reads its stream. */
                streamed: boolean;
            }[];
            /** @description Give this as `after` to go on; null at the end. */
            next?: string | null;
        };
        /** @description Entries in the order of their ids. */
        Page_WorkItem: {
            items: {
                /** @description What an agent must be able to do to claim it. */
                capability?: string | null;
                case: string;
                completed_at?: components["schemas"]["Timestamp"] | null;
                /** @description Input data as XML, once fired. */
                data?: string | null;
                enabled_at: components["schemas"]["Timestamp"];
                /**
                 * Format: int32
                 * @description Items of one deferred choice share a number.
                 */
                group?: number | null;
                /** @description `7:A` while enabled, `7.1:A` once fired. */
                item: string;
                lease?: components["schemas"]["Lease"] | null;
                /** @description The net that the task is of. */
                net: string;
                /** @description The result as XML, once completed. */
                output?: string | null;
                review?: components["schemas"]["Standing"] | null;
                specification: string;
                started_at?: components["schemas"]["Timestamp"] | null;
                /**
                 * @description `Enabled`, `Fired`, `Executing`, `Complete`, `Is parent`, `Deadlocked`, `Suspended`,
                 *     `ForcedComplete` or `Failed`.
                 */
                status: string;
                task: string;
                task_name: string;
                timer_due_at?: components["schemas"]["Timestamp"] | null;
            }[];
            /** @description Give this as `after` to go on; null at the end. */
            next?: string | null;
        };
        /**
         * Format: double
         * @description A part of a whole, 0 to 1, to four decimals.
         */
        Part: number;
        /** @description Whoever may be given work by name. */
        Participant: components["schemas"]["ParticipantEntry"] & {
            participant: string;
        };
        /** @description What is known of a participant. */
        ParticipantEntry: {
            /** @description Whether work can be given now. */
            available?: boolean;
            /** @description At most 200. Those of an agent's registration need not be repeated. */
            capabilities?: string[];
            /**
             * Format: int64
             * @description What an hour costs, in millionths of a unit of account: for the allocators that ask what work costs.
             */
            cost_per_hour?: number | null;
            kind?: components["schemas"]["ParticipantKind"];
            /** @description What variables of a net name the participant by: unique. The id where it is left out. */
            login?: string;
            name?: string;
            /** @description At most 200 ids of positions. */
            positions?: string[];
            /**
             * @description Of `canChooseItemToStart`, `canStartConcurrent`, `canReorder`, `canViewTeamItems`, `canViewOrgGroupItems`,
             *     `canChainExecution` and `canManageCases`.
             */
            privileges?: string[];
            /** @description At most 200 ids of roles. */
            roles?: string[];
        };
        /** @enum {string} */
        ParticipantKind: "person" | "agent";
        /** @description A place in the document, or in a query's text; both counted from 1. */
        Position: {
            /** Format: int32 */
            column: number;
            /** Format: int32 */
            line: number;
        };
        PositionEntry: {
            /** @description The group that it belongs to. */
            group?: string | null;
            name?: string;
        };
        /** @enum {string} */
        Pricing: "PER_QUERY" | "PER_CYCLE" | "FLAT";
        /** @description What went wrong, where, and what to do about it. */
        Problem: {
            /** @description Stable, in kebab case: what programs decide on. */
            code: string;
            /** @description This occurrence: the place and the remedy. */
            detail: string;
            /** @description What verification found in a specification. */
            findings?: components["schemas"]["Finding"][];
            /**
             * Format: int64
             * @description When a repetition makes sense.
             */
            retry_after_ms?: number | null;
            /**
             * Format: int32
             * @description The HTTP status, repeated for batches and logs.
             */
            status: number;
            /** @description The code in words. */
            title: string;
            /** @description `urn:flotilla:problem:` and the code; docs/api.md describes each. */
            type: string;
            /** @description What data broke, all of it at once. */
            violations?: components["schemas"]["Violation"][];
        };
        Publication: {
            agent: string;
            /**
             * Format: int64
             * @description As the registration gave it.
             */
            epoch: number;
            offering: components["schemas"]["Offering"];
        };
        /** @description Publishes what agents offer, in place of what each offered before. */
        Publications: {
            /** @description At most 10,000. */
            listings: components["schemas"]["Publication"][];
        };
        /** @description Says to which agents of the session work is pushed from now on, in place of what was said before. */
        Push: {
            /** @description At most 10,000. None: nothing more is pushed. */
            agents: components["schemas"]["PushTo"][];
        };
        PushTo: {
            agent: string;
            /** @description What of its capabilities it wants to use. Absent: all of them. */
            capabilities?: string[] | null;
            /**
             * Format: int64
             * @description As the registration gave it.
             */
            epoch: number;
            /** @description Pushed items that it holds at once, 1 to 1,000. */
            max_in_hand: number;
            /**
             * Format: int64
             * @description How long the agent may be silent on each item: 1,000 to 86,400,000.
             */
            term_ms?: number;
        };
        /** @description Event `item`: work that was claimed for an agent which asked for it. The agent holds it now. */
        PushedItem: components["schemas"]["ClaimedItem"] & {
            agent: string;
        };
        /** @description Work is pushed to this agent. */
        Pushing: {
            agent: string;
            /** @description Pushed items that it still holds, as when the stream broke and was opened again. */
            in_hand: number;
        };
        /** @description No more work for agents of these names until they are released, whether they are there now or not. */
        QuarantineBatch: {
            /** @description At most 10,000. */
            agents: string[];
            /** @description For people: at most 256 bytes. */
            reason: string;
        };
        /** @description A name that is in quarantine. */
        Quarantined: {
            agent: string;
            /** @description Whether an agent of this name is registered now. */
            registered: boolean;
        };
        /** @description Which agents. All kinds answer live agents, cheapest first, then by worst latency, then by name. */
        Query: (components["schemas"]["SlotQuery"] & {
            /** @enum {string} */
            kind: "transition-slot";
        }) | {
            /** @enum {string} */
            kind: "namespace";
            namespace: string;
        } | {
            /** @enum {string} */
            kind: "max-cost";
            /** Format: double */
            max_cost_per_cycle: number;
        } | {
            /** @enum {string} */
            kind: "max-latency";
            /** Format: int64 */
            max_p99_ms: number;
        } | {
            /** @enum {string} */
            kind: "wcp-pattern";
            /** Format: int32 */
            wcp_pattern: number;
        } | {
            agent: string;
            /** @enum {string} */
            kind: "id";
        } | {
            /** @enum {string} */
            kind: "all-live";
        };
        /**
         * @description A queue of the worklist.
         * @enum {string}
         */
        QueueName: "unoffered" | "offered" | "allocated" | "started" | "suspended";
        /** @description What an agent says about itself. */
        Registration: {
            /** @description Its name, unique on this server: 1 to 128 letters, digits and `. _ : @ / -`. */
            agent: string;
            /** @description What it can do: at most 64 words or phrases, compared without regard to case. */
            capabilities: string[];
            description?: string;
            /** @description Where the agent itself can be reached, if it can. */
            endpoint?: string;
            /** @description Anything else: at most 16 entries. */
            metadata?: {
                [key: string]: string;
            };
            name?: string;
            offering?: components["schemas"]["Offering"] | null;
            version?: string;
        };
        /** @description Registers agents: one, or up to 10,000 under one durable write. */
        RegistrationBatch: {
            agents: components["schemas"]["Registration"][];
            /**
             * Format: int64
             * @description The session that renews them. Without one each is renewed by its own name.
             */
            session?: number | null;
        };
        /** @description What became of each registration, and how to stay registered. */
        Registrations: {
            lifetime: components["schemas"]["Lifetime"];
            /** @description In the order of the request. */
            results: components["schemas"]["Outcome_Registered"][];
        };
        /** @description A name that is not in quarantine. */
        Released: {
            agent: string;
            /** @description Whether it had been. */
            was_quarantined: boolean;
        };
        /** @description What a renewed agent should know. */
        Renewed: {
            agent: string;
            /** @description Finish what is held; nothing new is given. */
            draining: boolean;
            quarantined: boolean;
        };
        /** @description A person settles what a review did not. */
        Resolution: {
            /** @description Who says so: 1 to 128 characters, kept in the history. */
            by: string;
            command_id?: string | null;
            /** @description The result: XML element named as the task's decomposition, one child per output parameter. */
            data: string;
        };
        /** @description Answers in the order of the request. */
        Results_AgentDone: {
            results: components["schemas"]["Outcome_AgentDone"][];
        };
        /** @description Answers in the order of the request. */
        Results_ItemDone: {
            results: components["schemas"]["Outcome_ItemDone"][];
        };
        /** @description Answers in the order of the request. */
        Results_LeaseRenewed: {
            results: components["schemas"]["Outcome_LeaseRenewed"][];
        };
        /** @description Answers in the order of the request. */
        Results_Pushing: {
            results: components["schemas"]["Outcome_Pushing"][];
        };
        /** @description Answers in the order of the request. */
        Results_Quarantined: {
            results: components["schemas"]["Outcome_Quarantined"][];
        };
        /** @description Answers in the order of the request. */
        Results_Released: {
            results: components["schemas"]["Outcome_Released"][];
        };
        /** @description Answers in the order of the request. */
        Results_Renewed: {
            results: components["schemas"]["Outcome_Renewed"][];
        };
        /** @description Answers in the order of the request. */
        Results_SessionAgents: {
            results: components["schemas"]["Outcome_SessionAgents"][];
        };
        /** @description Answers in the order of the request. */
        Results_StateSet: {
            results: components["schemas"]["Outcome_StateSet"][];
        };
        /** @description The indexes were made anew. */
        Resynced: {
            /** @description Those that had been wrong. */
            wrong: string[];
        };
        /** @description A review with all that can be seen of it. */
        Review: components["schemas"]["ReviewSummary"] & {
            arbiter?: string | null;
            /** @description Ballots that were claimed and are not used up. */
            ballots: components["schemas"]["HeldBallot"][];
            /** @description Votes below it do not count. */
            confidence_min: components["schemas"]["Part"];
            /** @description Whether a person is asked when neither votes nor arbiter settle it. */
            fallback_to_human: boolean;
            /** @description `LOW`, `MEDIUM`, `HIGH` or `CRITICAL`. */
            severity: string;
            /** @description `MAJORITY_VOTE`, `ESCALATE`, `HUMAN_FALLBACK` or `HYBRID`. */
            strategy: string;
            supermajority?: components["schemas"]["Part"] | null;
            tally: components["schemas"]["Tallied"][];
            /**
             * Format: int64
             * @description Time for the votes, and again for the arbiter.
             */
            timeout_ms: number;
            votes: components["schemas"]["Vote"][];
            /** Format: int32 */
            votes_min: number;
        };
        /** @description A review in a list. */
        ReviewSummary: components["schemas"]["Standing"] & {
            case: string;
            item: string;
            specification: string;
            task: string;
            task_name: string;
        };
        /** @description What several participants can be addressed by. */
        Role: components["schemas"]["RoleEntry"] & {
            role: string;
        };
        RoleEntry: {
            /** @description The role that its members have too. */
            above?: string | null;
            name?: string;
        };
        /** @description Asks for agents. */
        Search: {
            /** @description The `next` of the page before, with the same query. */
            after?: string | null;
            /** @description 1 to 1,000; 50 if absent. */
            limit?: number | null;
            query: components["schemas"]["Query"];
            /**
             * Format: int64
             * @description How long ago an agent's last renewal may be: 30,000 to 300,000; the latter if absent.
             */
            staleness_ms?: number | null;
        };
        /** @description People and things that a task needs. */
        Secondary: {
            categories: components["schemas"]["Category"][];
            participants: string[];
            resources: string[];
            roles: string[];
        };
        /** @description A session that is open. Renew it, and all its agents are renewed. */
        Session: {
            lifetime: components["schemas"]["Lifetime"];
            /** Format: int64 */
            session: number;
        };
        /** @description A session that was renewed or closed. */
        SessionAgents: {
            /**
             * Format: int64
             * @description How many agents it has, or had. A host that knows of more registers them again.
             */
            agents: number;
            /** Format: int64 */
            session: number;
        };
        /** @description One message of the stream of a session. Its name is the event's, `data` has the fields. */
        SessionEvent: components["schemas"]["PushedItem"] | components["schemas"]["Cancelled"] | components["schemas"]["LeaseEnding"] | components["schemas"]["LeaseEnded"] | components["schemas"]["Lagged"];
        /** @description Sessions to renew. */
        SessionRenewals: {
            /** @description At most 10,000. */
            sessions: number[];
        };
        /** @description A session as it is listed. */
        SessionSummary: {
            /** Format: int64 */
            agents: number;
            /** @description Where its agents run, for people. */
            host: string;
            /** Format: int64 */
            opened_ms_ago: number;
            /** Format: int64 */
            renewed_ms_ago: number;
            /** Format: int64 */
            session: number;
            /** @description Whether somebody reads its stream. */
            streamed: boolean;
        };
        /**
         * @description Whether and how much a finding matters.
         * @enum {string}
         */
        Severity: "error" | "warning";
        /** @description What a transition asks of an agent. What is left out is not asked for. */
        SlotQuery: {
            /** @description A part of domain or description, without regard to case. */
            capability_keyword?: string | null;
            /**
             * Format: int64
             * @description 1,000,000 if absent.
             */
            graph_triples?: number | null;
            input_tokens?: string[];
            /** Format: double */
            max_cost_per_cycle?: number | null;
            /**
             * Format: int64
             * @description Holds for the profile that is nearest to `graph_triples`. An agent without a profile passes.
             */
            max_p99_ms?: number | null;
            must_maintain_soundness?: boolean;
            namespaces?: string[];
            output_tokens?: string[];
            sparql_patterns?: string[];
            /**
             * Format: int32
             * @description This and the next three must hold for one contract of the agent.
             */
            wcp_pattern?: number | null;
        };
        /**
         * @description Whether every case can complete, with nothing left behind, and every task can be reached.
         * @enum {string}
         */
        Soundness: "sound" | "unsound" | "undecided";
        /** @description What is known of a specification's soundness. */
        SoundnessDetail: {
            /** @description In document order. */
            nets: components["schemas"]["NetSoundness"][];
            /** @description The worst of any net. */
            outcome: components["schemas"]["Soundness"];
        };
        /** @description A way in which a case can go wrong, or advice. */
        SoundnessFinding: components["schemas"]["Finding"] & {
            /** @description What can then be repeated for ever. */
            cycle: components["schemas"]["Step"][];
            /** @description How to get there, from the launch on. Empty where nothing has to happen, for advice, and for a walk of more than 500 steps. */
            walk: components["schemas"]["Step"][];
        };
        /** @description A specification with what is needed to draw it. */
        SpecificationDetail: components["schemas"]["SpecificationSummary"] & {
            findings: components["schemas"]["Finding"][];
            layout?: components["schemas"]["BTreeMap"] | null;
            nets_detail: components["schemas"]["Net"][];
            soundness?: components["schemas"]["SoundnessDetail"] | null;
        };
        /** @description A specification in a list. */
        SpecificationSummary: {
            /** Format: int64 */
            cases_running: number;
            documentation?: string | null;
            identifier?: string | null;
            key: string;
            name?: string | null;
            /** @description Ids of all nets, in document order. */
            nets: string[];
            /** @description Id of the root net. */
            root_net?: string | null;
            uploaded_at: components["schemas"]["Timestamp"];
            uri: string;
            version: string;
        };
        /** @description All loaded specifications, by key. */
        Specifications: {
            items: components["schemas"]["SpecificationSummary"][];
        };
        /** @description Where the review of an item stands. */
        Standing: {
            /** @description `voting`, `escalated`, `human-needed` or `unresolved`. */
            phase: string;
            /**
             * Format: int32
             * @description Agents that answer.
             */
            quorum: number;
            /**
             * Format: int64
             * @description Votes so far.
             */
            voted: number;
        };
        StateChange: {
            agent: string;
            /** Format: int64 */
            epoch: number;
            /**
             * @description `INITIALIZING`, `DISCOVERING`, `PROCESSING`, `STOPPING` or `STOPPED`; also `CREATED` (the first), `REASONING`,
             *     `ACTING`, `REPORTING` (processing) and `FAILED` (stopped).
             */
            state: string;
        };
        /** @description What agents say that they are doing. */
        StateChanges: {
            /** @description At most 10,000. */
            changes: components["schemas"]["StateChange"][];
        };
        /** @description The state that an agent is in now. */
        StateSet: {
            agent: string;
            /** @description Whether it was in another one before. */
            changed: boolean;
            state: string;
        };
        /** @description Sizes of the marketplace. */
        Stats: {
            /** @description By what is searched: `capability`, `namespace`, `wcp`, `rank` and so on. */
            indexes: {
                [key: string]: components["schemas"]["Depth"];
            };
            /** Format: int64 */
            listings: number;
            /** Format: int64 */
            live: number;
            /**
             * Format: int64
             * @description Different offerings.
             */
            offerings: number;
            /** Format: int64 */
            stale: number;
        };
        /** @description One step of a walk. */
        Step: {
            /** @description Busy tasks, after the step. */
            busy: string[];
            /** @description Which task, and what was chosen where there was a choice. */
            text: string;
            /** @description Tokens of each marked condition, after the step. */
            tokens: {
                [key: string]: number;
            };
        };
        /** @description The votes for one answer. */
        Tallied: {
            answer: string;
            /** @description Mean confidence of those. */
            confidence: components["schemas"]["Part"];
            /**
             * Format: int64
             * @description Votes that count.
             */
            votes: number;
        };
        Task: {
            /**
             * @description Ids of the elements that lose their tokens when this task ends. An implicit condition is
             *     `c{source_target}`.
             */
            cancels: string[];
            decomposes_to?: string | null;
            id: string;
            join: components["schemas"]["Gate"];
            kind: components["schemas"]["TaskKind"];
            multi_instance: boolean;
            name?: string | null;
            split: components["schemas"]["Gate"];
            timer: boolean;
        };
        /** @enum {string} */
        TaskKind: "atomic" | "composite" | "empty";
        /** @description A privilege that the task gives. */
        TaskPrivilege: {
            /** @description Whether everybody has it. Those who are named then are the exceptions. */
            all: boolean;
            /** @description Such as `canSuspend`. */
            name: string;
            participants: string[];
            roles: string[];
        };
        /** @enum {string} */
        Termination: "explicit" | "implicit";
        /**
         * Format: date-time
         * @description RFC 3339, in UTC
         */
        Timestamp: string;
        /** @description A case that a participant has chained. */
        Unchain: {
            case: string;
        };
        /** @description A task that a participant has piled. */
        Unpile: {
            specification: string;
            task: string;
        };
        /** @description Answer to an upload: one entry per specification of the document. */
        Uploaded: {
            specifications: components["schemas"]["UploadedSpecification"][];
        };
        /** @description One accepted specification. */
        UploadedSpecification: {
            /** @description Warnings only: errors refuse the upload. */
            findings: components["schemas"]["Finding"][];
            identifier?: string | null;
            /** @description `<identifier, or uri where there is none>:<version>`. */
            key: string;
            name?: string | null;
            uri: string;
            version: string;
        };
        /** @enum {string} */
        Verdict: "valid" | "invalid";
        /** @description Answer to a verification. */
        Verified: {
            findings: components["schemas"]["Finding"][];
            soundness?: components["schemas"]["Soundness"] | null;
            verdict: components["schemas"]["Verdict"];
        };
        /** @description One rule that a value breaks. */
        Violation: {
            message: string;
            /** @description The element, as a path from the data's root: `/Order/Total`. */
            path: string;
            /** @description The rule's name. */
            rule: string;
            /** @description The value that broke it. */
            value: string;
        };
        /** @description An agent's answer. */
        Vote: {
            agent: string;
            /** @description The result as XML. */
            answer: string;
            /** Format: int32 */
            ballot?: number | null;
            confidence: components["schemas"]["Part"];
            /** @description At most 512 characters. */
            reasoning: string;
        };
        /** @description A work item. Lists leave `data` and `output` out (null). */
        WorkItem: {
            /** @description What an agent must be able to do to claim it. */
            capability?: string | null;
            case: string;
            completed_at?: components["schemas"]["Timestamp"] | null;
            /** @description Input data as XML, once fired. */
            data?: string | null;
            enabled_at: components["schemas"]["Timestamp"];
            /**
             * Format: int32
             * @description Items of one deferred choice share a number.
             */
            group?: number | null;
            /** @description `7:A` while enabled, `7.1:A` once fired. */
            item: string;
            lease?: components["schemas"]["Lease"] | null;
            /** @description The net that the task is of. */
            net: string;
            /** @description The result as XML, once completed. */
            output?: string | null;
            review?: components["schemas"]["Standing"] | null;
            specification: string;
            started_at?: components["schemas"]["Timestamp"] | null;
            /**
             * @description `Enabled`, `Fired`, `Executing`, `Complete`, `Is parent`, `Deadlocked`, `Suspended`,
             *     `ForcedComplete` or `Failed`.
             */
            status: string;
            task: string;
            task_name: string;
            timer_due_at?: components["schemas"]["Timestamp"] | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    count_agents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Counts"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_agents: {
        parameters: {
            query?: {
                /** @description What it must be able to do. */
                capability?: string;
                /** @description A state, such as `DISCOVERING`. */
                state?: string;
                /** @description A session's number. */
                session?: number;
                /** @description `live`, `stale` or `dead`. */
                liveness?: string;
                quarantined?: boolean;
                draining?: boolean;
                /** @description What its name begins with. */
                prefix?: string;
                /** @description The `next` of the page before. */
                after?: string;
                /** @description 1 to 1,000; 100 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Agent"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    register_agents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegistrationBatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Registrations"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deregister_agents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Incarnations"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Results_AgentDone"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    drain_agents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgentNames"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Results_AgentDone"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    quarantine_agents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QuarantineBatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Results_Quarantined"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    release_agents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgentNames"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Results_Released"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    renew_agents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Incarnations"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Results_Renewed"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_agent_states: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StateChanges"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Results_StateSet"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_agent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The agent's name, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Agent"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_cases: {
        parameters: {
            query?: {
                /** @description `scheduled`, `running`, `suspended`, `completed`, `deadlocked`, `emptied` or `cancelled`. */
                status?: string;
                /** @description A specification's key. */
                specification?: string;
                /** @description What the case's id begins with. */
                prefix?: string;
                /** @description The `next` of the page before. */
                after?: string;
                /** @description 1 to 1,000; 100 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_CaseSummary"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    launch_case: {
        parameters: {
            query?: never;
            header?: {
                /** @description The command's id, instead of `command_id` */
                "Idempotency-Key"?: string | null;
                /** @description The trace that the case belongs to; one that is malformed is passed over */
                traceparent?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Launch"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Launched"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    launch_cases: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LaunchBatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LaunchResults"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_case: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The case's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseDetail"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_case: {
        parameters: {
            query?: never;
            header?: {
                /** @description The command's id */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The case's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseDone"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_case_history: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                after?: number;
                /** @description 1 to 1,000; 100 if absent. Events of one command are never split. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The case's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_HistoryEntry"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    explain_or_joins: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The case's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrJoins"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resume_case: {
        parameters: {
            query?: never;
            header?: {
                /** @description The command's id */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The case's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseDone"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    suspend_case: {
        parameters: {
            query?: never;
            header?: {
                /** @description The command's id */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The case's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseDone"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    claim_work: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Claim"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Claimed"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stream_events: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["Change"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_groups: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                after?: string;
                /** @description 1 to 1,000; 100 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Group"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_group: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The group's id, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_group: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The group's id, percent-encoded: 1 to 128 bytes without commas */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupEntry"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_group: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The group's id, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    accept_hand_off: {
        parameters: {
            query?: never;
            header?: {
                /** @description The command's id */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HandOffAcceptance"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClaimedItem"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    fail_leases: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HeldItems"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Results_ItemDone"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    renew_leases: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LeaseRenewals"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Results_LeaseRenewed"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    return_leases: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HeldItems"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Results_ItemDone"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    publish_offerings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Publications"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Results_AgentDone"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resync_marketplace: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resynced"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    search_marketplace: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Search"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Found"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_marketplace_stats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stats"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unpublish_offerings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Incarnations"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Results_AgentDone"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_participants: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                after?: string;
                /** @description 1 to 1,000; 100 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Participant"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_participant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The participant's id, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Participant"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_participant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The participant's id, percent-encoded: 1 to 128 bytes without commas */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ParticipantEntry"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Participant"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_participant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The participant's id, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unchain_case: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The participant's id, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Unchain"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unpile_task: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The participant's id, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Unpile"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_worklist_of_participant: {
        parameters: {
            query?: {
                /** @description `unoffered`, `offered`, `allocated`, `started` or `suspended`; all if absent. */
                queue?: string;
                /** @description The `next` of the page before. */
                after?: string;
                /** @description 1 to 1,000; 100 if absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The participant's id, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_GivenItem"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    act_on_worklist_item: {
        parameters: {
            query?: never;
            header?: {
                /** @description The command's id */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description The participant's id, percent-encoded */
                id: string;
                /** @description Such as `7:A`, percent-encoded */
                item: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Action"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Acted"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_positions: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                after?: string;
                /** @description 1 to 1,000; 100 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Position"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_position: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The position's id, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Position"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_position: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The position's id, percent-encoded: 1 to 128 bytes without commas */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PositionEntry"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Position"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_position: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The position's id, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_reviews: {
        parameters: {
            query?: {
                /** @description `voting`, `escalated`, `human-needed` or `unresolved`. */
                phase?: string;
                /** @description The `next` of the page before. */
                after?: string;
                /** @description 1 to 1,000; 100 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ReviewSummary"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_roles: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                after?: string;
                /** @description 1 to 1,000; 100 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Role"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_role: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The role's id, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_role: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The role's id, percent-encoded: 1 to 128 bytes without commas */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleEntry"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_role: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The role's id, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_sessions: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                after?: number;
                /** @description 1 to 1,000; 100 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_SessionSummary"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    open_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["OpenSession"] | null;
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    renew_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionRenewals"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Results_SessionAgents"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session's number */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionSummary"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    close_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session's number */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionAgents"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stream_session_events: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session's number */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["SessionEvent"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    push_work: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session's number */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Push"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Results_Pushing"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_specifications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Specifications"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    upload_specifications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description At most 6 MiB */
        requestBody: {
            content: {
                "application/xml": string;
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Uploaded"];
                };
            };
            /** @description With findings */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verify_specifications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description At most 6 MiB */
        requestBody: {
            content: {
                "application/xml": string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verified"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_specification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `<identifier or uri>:<version>`, percent-encoded */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SpecificationDetail"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_specification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `<identifier or uri>:<version>`, percent-encoded */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_specification_source: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `<identifier or uri>:<version>`, percent-encoded */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/xml": string;
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_work_items: {
        parameters: {
            query?: {
                /** @description A status as items show it, such as `Enabled`. */
                status?: string;
                /** @description A case's id. */
                case?: string;
                /** @description A task's id. */
                task?: string;
                /** @description A specification's key. */
                specification?: string;
                /** @description How an item that was claimed stands: `held`, `free`, `resting` or `dead-letter`. */
                lease?: string;
                /** @description The agent that holds it under a lease. */
                holder?: string;
                /** @description The `next` of the page before. */
                after?: string;
                /** @description 1 to 1,000; 100 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_WorkItem"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkin_work_items: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckinBatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckinResults"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkout_work_items: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckoutBatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckoutResults"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_work_item: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Such as `7.1:A`, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkItem"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkin_work_item: {
        parameters: {
            query?: never;
            header?: {
                /** @description The command's id, instead of `command_id` */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Such as `7.1:A`, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Checkin"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemDone"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkout_work_item: {
        parameters: {
            query?: never;
            header?: {
                /** @description The command's id */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Such as `7:A`, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckedOut"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    complete_task_of_work_item: {
        parameters: {
            query?: never;
            header?: {
                /** @description The command's id */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Such as `7.1:A`, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemDone"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    fail_work_item: {
        parameters: {
            query?: never;
            header?: {
                /** @description The command's id, instead of `command_id` */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Such as `7.1:A`, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Given"] | null;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemDone"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    fail_lease: {
        parameters: {
            query?: never;
            header?: {
                /** @description The command's id, instead of `command_id` */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Such as `7.1:A`, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Held"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemDone"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    force_work_item: {
        parameters: {
            query?: never;
            header?: {
                /** @description The command's id, instead of `command_id` */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Such as `7.1:A`, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Given"] | null;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemDone"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    hand_off_work_item: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Such as `7.1:A`, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HandOff"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HandOffOffer"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_work_item_instance: {
        parameters: {
            query?: never;
            header?: {
                /** @description The command's id, instead of `command_id` */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Such as `7.1:A`, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewInstance"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemDone"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    requeue_work_item: {
        parameters: {
            query?: never;
            header?: {
                /** @description The command's id */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Such as `7.1:A`, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemDone"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    return_lease: {
        parameters: {
            query?: never;
            header?: {
                /** @description The command's id, instead of `command_id` */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Such as `7.1:A`, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Held"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemDone"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_review: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Such as `7.1:A`, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Review"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resolve_review: {
        parameters: {
            query?: never;
            header?: {
                /** @description The command's id, instead of `command_id` */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Such as `7.1:A`, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Resolution"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemDone"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rollback_work_item: {
        parameters: {
            query?: never;
            header?: {
                /** @description The command's id */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Such as `7.1:A`, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemDone"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    skip_work_item: {
        parameters: {
            query?: never;
            header?: {
                /** @description The command's id */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Such as `7:A`, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemDone"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    suspend_work_item: {
        parameters: {
            query?: never;
            header?: {
                /** @description The command's id */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Such as `7.1:A`, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemDone"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unsuspend_work_item: {
        parameters: {
            query?: never;
            header?: {
                /** @description The command's id */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Such as `7.1:A`, percent-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemDone"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_worklist: {
        parameters: {
            query?: {
                /** @description `unoffered`, `offered`, `allocated`, `started` or `suspended`; all if absent. */
                queue?: string;
                /** @description The `next` of the page before. */
                after?: string;
                /** @description 1 to 1,000; 100 if absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_GivenItem"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_worklist_item: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Such as `7:A`, percent-encoded */
                item: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GivenItemDetail"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    administer_worklist_item: {
        parameters: {
            query?: never;
            header?: {
                /** @description The command's id */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Such as `7:A`, percent-encoded */
                item: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AdministratorAction"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Acted"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
