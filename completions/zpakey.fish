# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_zpakey_global_optspecs
    string join \n o/output= q/quiet columns= no-header field= color= profile= shard= parallel-tenants= sandbox customer-id= microtenant= y/yes no-input client-id= client-secret-file= private-key-file= vanity-domain= cloud= auth= timeout= max-wait= deadline= cacert= proxy= token-cache= rate-limit= v/verbose h/help V/version
end

function __fish_zpakey_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_zpakey_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_zpakey_using_subcommand
    set -l cmd (__fish_zpakey_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c zpakey -n "__fish_zpakey_needs_command" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_needs_command" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_needs_command" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_needs_command" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_needs_command" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_needs_command" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_needs_command" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_needs_command" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_needs_command" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_needs_command" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_needs_command" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_needs_command" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_needs_command" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_needs_command" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_needs_command" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_needs_command" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_needs_command" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_needs_command" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_needs_command" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_needs_command" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_needs_command" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_needs_command" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_needs_command" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_needs_command" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_needs_command" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_needs_command" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_needs_command" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_needs_command" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_needs_command" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "create" -d 'Create provisioning keys'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "get" -d 'Show keys, by name or id'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "list" -d 'List keys'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "ls" -d 'List keys'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "update" -d 'Change a key\'s limit, state, name, IP ACL or certificate'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "delete" -d 'Delete keys for good'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "rm" -d 'Delete keys for good'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "groups" -d 'List groups with the keys that can enrol into them'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "certs" -d 'List enrollment certificates'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "microtenants" -d 'List microtenants'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "rotate" -d 'Replace a key with a new one without downtime'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "status" -d 'Show the state of keys and rotations, and what to do next'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "wait" -d 'Wait until connectors enrolled with a key'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "retire" -d 'Disable replaced keys after their grace period'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "disable" -d 'Disable keys now, so that nothing enrols with them'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "enable" -d 'Re-enable a retired or disabled key'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "purge" -d 'Delete retired keys'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "reveal" -d 'Show a key value, the secret that connectors enrol with'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "exec" -d 'Run a program with a key value, which is not shown'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "identify" -d 'Identify which key a file or host contains'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "scan" -d 'Find leaked key values, and tell which can still enrol'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "diff" -d 'Show what a file of keys would change'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "apply" -d 'Make the keys of a tenant what a file says'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "proposals" -d 'List what agents proposed, and reject it'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "export" -d 'Write keys as a file of keys, or for Terraform or Ansible'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "auth" -d 'Sign in, see as whom, and sign out'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "profile" -d 'List, choose, show and remove profiles'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "sandbox" -d 'Try zpakey without a tenant, on an embedded emulator'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "doctor" -d 'Check the configuration, and with --online the API'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "log" -d 'Show what was revealed and changed from this machine'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "audit" -d 'Find keys that will stop working or stay open, worst first'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "metrics" -d 'Print the state of keys as metrics of Prometheus'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "mcp" -d 'Serve agents over MCP; they never see a key value'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "schema" -d 'Print the JSON Schema of all answers, or of a file of keys'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "version" -d 'Show the version, the commit, the target and the features'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "completions" -d 'Print a shell\'s completion of commands, options and names'
complete -c zpakey -n "__fish_zpakey_needs_command" -f -a "help" -d 'Show help on a command or a topic'
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l type -d 'Association type, by its short name or the API\'s' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l group -d 'The group that connectors (or service edges) join, by name or id' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l cert -d 'The enrollment certificate, by name or id; where absent, the one that the type calls for' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l max-usage -d 'Maximum uses: how many connectors may enrol with the key' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l ip-acl -d 'Allow enrolment from these addresses or prefixes only; repeats' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l ui-config -d 'The portal\'s opaque text' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l if-exists -d 'What to do where the type has a key of that name' -r -f -a "fail\t'Refuse'
skip\t'Leave it as it is, and answer with it'
update\t'Change it to what is asked for'"
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l out-file -d 'Write the key value into a new private file (0600) instead of showing it; {name}, {id} and {group} stand for the key\'s own' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l mode -d 'Give the file of --out-file this mode, in octal; only the owner may write it' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l ci -d 'Tell this CI runner, on standard error, to mask the key value in its log, before it is written anywhere' -r -f -a "github\t'GitHub Actions, and what follows its workflow commands'"
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l from -d 'Make many keys, from a file or from standard input (`-`)' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l parallel -d 'Write up to N keys at the same time, within the rate limit and in no certain order' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l enabled -d 'Let the key enrol at once; the default'
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l disabled -d 'Create the key switched off; `zpakey update NAME --enable` switches it on'
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l no-export -d 'Switch viewing off for good once the key value is handed over; needs --out-file or --reveal'
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l reveal -d 'Put the key value into the answer'
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -s n -l dry-run -d 'Show the request, and send nothing that writes'
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l force -d 'Replace the file where it exists'
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand create" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l type -d 'Association type, by its short name or the API\'s; repeats' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l all-types -d 'Ask all five association types'
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l connectors -d 'List the connectors or service edges that enrolled with the keys instead'
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand get" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l type -d 'Association type, by its short name or the API\'s; repeats' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l group -d 'Only keys of this group, by name or id' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l status -d 'Only keys in this state; repeats' -r -f -a "active\t''
nearly_exhausted\t''
exhausted\t''
disabled\t''
managed\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l name -d 'Only keys whose name matches this pattern of * and ?' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l older-than -d 'Only keys made longer ago than this: 30s, 24h, 90d' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l max-remaining -d 'Only keys with at most this many uses left' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l sort -d 'Sort by this field, by its JSON name or its heading; `-FIELD` or `FIELD:desc` turns it round' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l limit -d 'Show the first N keys only' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l all-types -d 'Ask all five association types'
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l unused -d 'Only keys that nothing ever enrolled with'
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l all-microtenants -d 'Take the keys of all microtenants'
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l fail-if-any -d 'Exit with 7 where the list is not empty, for monitoring'
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand list" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l type -d 'Association type, by its short name or the API\'s; repeats' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l group -d 'Only keys of this group, by name or id' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l status -d 'Only keys in this state; repeats' -r -f -a "active\t''
nearly_exhausted\t''
exhausted\t''
disabled\t''
managed\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l name -d 'Only keys whose name matches this pattern of * and ?' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l older-than -d 'Only keys made longer ago than this: 30s, 24h, 90d' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l max-remaining -d 'Only keys with at most this many uses left' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l sort -d 'Sort by this field, by its JSON name or its heading; `-FIELD` or `FIELD:desc` turns it round' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l limit -d 'Show the first N keys only' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l all-types -d 'Ask all five association types'
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l unused -d 'Only keys that nothing ever enrolled with'
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l all-microtenants -d 'Take the keys of all microtenants'
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l fail-if-any -d 'Exit with 7 where the list is not empty, for monitoring'
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand ls" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l type -d 'Association type, by its short name or the API\'s; repeats' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l parallel -d 'Write up to N keys at the same time, within the rate limit and in no certain order' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l name -d 'Rename the key' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l max-usage -d 'Set the maximum uses: how many connectors may enrol with the key' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l add-uses -d 'Raise the limit by N; repeated, it adds N every time' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l min-remaining -d 'Raise the limit if fewer than N uses are left, so that N are; repeated, it changes nothing (for cron)' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l cap -d 'With --min-remaining: never raise the limit above M' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l ip-acl -d 'Set the IP ACL: only these addresses or prefixes may enrol; repeats' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l add-ip -d 'Add an address or prefix to the IP ACL; repeats' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l remove-ip -d 'Take an address or prefix from the IP ACL; repeats' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l ui-config -d 'Set the portal\'s opaque text; an empty one removes it' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l cert -d 'Sign with another enrollment certificate, by name or id' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l group -d 'A key\'s group cannot be changed; said so here rather than as an unknown option' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l all-types -d 'Ask all five association types'
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l enable -d 'Flip one switch: on; the limit stays (`zpakey enable` gives that back too)'
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l disable -d 'Flip one switch: off; the limit stays (`zpakey disable` stops it by both and reads them back)'
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l no-ip-acl -d 'Remove the IP ACL: any source may enrol'
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l no-export -d 'Switch viewing off for good: the key value is never returned again'
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -s n -l dry-run -d 'Show the request and the difference, and send nothing that writes'
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand update" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l type -d 'Association type, by its short name or the API\'s; repeats' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l parallel -d 'Write up to N keys at the same time, within the rate limit and in no certain order' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l all-types -d 'Ask all five association types'
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l ignore-missing -d 'Succeed where a key does not exist'
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l force-referenced -d 'Delete keys that connectors or service edges enrolled with, too'
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -s n -l dry-run -d 'Show what would be deleted, and send nothing that writes'
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand delete" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l type -d 'Association type, by its short name or the API\'s; repeats' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l parallel -d 'Write up to N keys at the same time, within the rate limit and in no certain order' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l all-types -d 'Ask all five association types'
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l ignore-missing -d 'Succeed where a key does not exist'
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l force-referenced -d 'Delete keys that connectors or service edges enrolled with, too'
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -s n -l dry-run -d 'Show what would be deleted, and send nothing that writes'
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand rm" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l type -d 'Association type, by its short name or the API\'s; repeats' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l all-types -d 'Ask all five association types'
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand groups" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l type -d 'Association type, by its short name or the API\'s; repeats' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l all-types -d 'Ask all five association types'
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand certs" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -s h -l help -d 'Print help'
complete -c zpakey -n "__fish_zpakey_using_subcommand microtenants" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l type -d 'Association type, by its short name or the API\'s; repeats' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l settle -d 'Spread three looks for other rotations of the same key over this time, and look once more half of it after the last change; 0s waits for neither' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l out-file -d 'Write it into a private file (0600); {name} stands for the key\'s name. A file that holds a key of this lineage is replaced' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l exec -d 'Run this command with `sh -c` (Windows: `cmd /c`), the key value on its standard input; ZPAKEY_OPERATION, ZPAKEY_KEY_ID and ZPAKEY_KEY_NAME tell which. What it prints goes to standard error, without secrets. After --out-file' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l env -d 'Give the key value to the command of --exec in this variable instead' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l exec-timeout -d 'Limit the command of --exec to this time; it is killed then' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l ci -d 'Tell this CI runner, on standard error, to mask the key value in its log, before it is written anywhere' -r -f -a "github\t'GitHub Actions, and what follows its workflow commands'"
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l max-usage -d 'Maximum uses of the new key' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l group -d 'The group that connectors (or service edges) join, by name or id' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l cert -d 'The enrollment certificate, by name or id' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l ip-acl -d 'Allow enrolment from these addresses or prefixes only; repeats' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l retire -d 'Stop the old key after the grace, in this run, or not at all' -r -f -a "after-grace\t'By `zpakey retire`, or the next rotation, once the grace is over'
now\t'In this run'
never\t'Not by itself'"
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l grace -d 'Let the old key enrol for this time after the new one took over; by default 24h' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l wait-enroll -d 'Wait until N connectors or service edges enrolled with the new key' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l wait-timeout -d 'With --wait-enroll: wait this long' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l if-older-than -d 'Rotate only a key that was made longer ago than this, and that connectors enrolled with in 90 days (for cron)' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l if-used-above -d 'Rotate only a key of whose uses more than this share is spent (for cron)' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l since -d 'With --compromised: list what enrolled with the old key since this long ago or since a date; by default all' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l terraform -d 'The key\'s address in Terraform: say what binds it to the new key' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l tfstate -d 'A Terraform state (version 4; `-` reads standard input) that tells the address' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l all-types -d 'Ask all five association types'
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -s n -l dry-run -d 'Show what would be done, and send nothing that writes'
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l force -d 'Replace the file of --out-file whatever it holds'
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l no-deliver -d 'Do not hand it over; `zpakey reveal` reads it later'
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l reveal -d 'Put it into the answer'
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l no-ip-acl -d 'Allow enrolment from any source'
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l unproven -d 'Retire a key whose grace is over although nothing shows that its successor is used'
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l seal -d 'Switch viewing of the new key off once --out-file holds it; done for the successor of a sealed key in any case'
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l idle -d 'With --if-older-than: also a key that no connector enrolled with in 90 days'
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l due -d 'Rotate all keys that are due: older than `max_age` of the profile\'s policy or --if-older-than, or used above --if-used-above; and finish what was begun'
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l each -d 'With --due: in each of the tenants of --profile; {profile} in --out-file stands for its profile'
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l compromised -d 'The key leaked: no grace, the old key is stopped as soon as the new one is handed over'
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l disable-first -d 'With --compromised: stop the old key before anything else; nothing can enrol until the new one is handed over'
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l keep-successor -d 'With --compromised: hand over the successor that an interrupted run made, although the leak may have shown it; by default it is set aside, and stopped together with the old key'
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l rollback -d 'Take back a rotation whose old key can still enrol: hand its value over again, give the names back, delete the new key where it was not used'
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand rotate" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l type -d 'Association type, by its short name or the API\'s; repeats' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l tfstate -d 'Tell by this Terraform state (version 4; `-` reads standard input) which keys Terraform has, and where' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l all-types -d 'Ask all five association types'
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l all -d 'Show keys without a rotation in progress, too'
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l overview -d 'Show types and groups only, as one object in JSON'
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand status" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l type -d 'Association type, by its short name or the API\'s; repeats' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l used -d 'Wait for N more enrolments, or for N in all' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l wait-timeout -d 'Give up after this time: 30s, 15m, 2h' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l every -d 'Look this often; at least 1s' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l all-types -d 'Ask all five association types'
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand wait" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l type -d 'Association type, by its short name or the API\'s; repeats' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l grace -d 'Count this grace from when the successor was made, instead of the time in the predecessor\'s name' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l all-types -d 'Ask all five association types'
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l all-due -d 'All predecessors whose time has come'
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l unproven -d 'Retire although nothing has enrolled with the successor'
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -s n -l dry-run -d 'Show what would be sent, and send nothing that writes'
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l each -d 'With --all-due: in each of the tenants of --profile'
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand retire" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l type -d 'Association type, by its short name or the API\'s; repeats' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l since -d 'List what enrolled with the key in this time; by default all' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l all-types -d 'Ask all five association types'
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -s n -l dry-run -d 'Show what would be sent, and send nothing that writes'
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand disable" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l type -d 'Association type, by its short name or the API\'s; repeats' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l max-usage -d 'Set the maximum uses, those that were made included' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l all-types -d 'Ask all five association types'
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -s n -l dry-run -d 'Show what would be sent, and send nothing that writes'
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand enable" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l type -d 'Association type, by its short name or the API\'s; repeats' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l after -d 'Delete only keys whose retirement was due at least this long ago' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l all-types -d 'Ask all five association types'
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l all-due -d 'All predecessors whose time has come'
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l force-referenced -d 'Delete keys that connectors or service edges enrolled with, too'
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -s n -l dry-run -d 'Show what would be deleted, and send nothing that writes'
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l each -d 'With --all-due: in each of the tenants of --profile'
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand purge" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l type -d 'Association type, by its short name or the API\'s; repeats' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l out-file -d 'Write the key value into a new private file (0600) instead of showing it; {name}, {id} and {group} stand for the key\'s own' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l mode -d 'Give the file of --out-file this mode, in octal; only the owner may write it' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l clear-after -d 'Clear the clipboard after this time, if it still has the key value; Ctrl-C clears it at once' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l ci -d 'Tell this CI runner, on standard error, to mask the key value in its log, before it is written anywhere' -r -f -a "github\t'GitHub Actions, and what follows its workflow commands'"
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l all-types -d 'Ask all five association types'
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l raw -d 'Print the exact bytes only, without a newline where standard output is no terminal'
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l force -d 'Replace the file where it exists'
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l copy -d 'Put the key value on the clipboard, wait, and clear it: by wl-copy, xclip, xsel, pbcopy or clip.exe, else by the terminal (OSC 52), which comes first over ssh'
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l connector-file -d 'Write the file that a connector or service edge on this machine enrols with: the key value alone on its line, readable by its service (0644); nothing is restarted'
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand reveal" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l type -d 'Association type, by its short name or the API\'s; repeats' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l env -d 'Hand the key value over in this variable' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l file -d 'Hand the key value over in a private file (0600) for as long as the program runs; this variable names it' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l ci -d 'Tell this CI runner, on standard error, to mask the key value in its log, before it is written anywhere' -r -f -a "github\t'GitHub Actions, and what follows its workflow commands'"
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l all-types -d 'Ask all five association types'
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l stdin -d 'Hand the key value over by standard input, without a newline'
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand exec" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l type -d 'Association type, by its short name or the API\'s; repeats' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l all-types -d 'Ask all five association types'
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l offline -d 'Look at the form only; nothing is sent'
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l fail-if-any -d 'Exit with 7 where there is anything to warn of'
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand identify" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l range -d 'With --git: only what these revisions brought' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l fail-on -d 'Exit with 7 if there is a value of an open key, of an existing (live) one, or any; by default open, with --offline any' -r -f -a "open\t''
live\t''
any\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l max-size -d 'The largest archive within an archive that is looked into; decompression may yield 64 times as much' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l emit-rules -d 'Print rules for another scanner, and scan nothing' -r -f -a "gitleaks\t'A configuration file that adds to the rules that gitleaks has'
trufflehog\t'A configuration file with custom detectors'
github\t'The fields of a custom pattern of secret scanning'
detect-secrets\t'A plugin'
semgrep\t'A rule file'"
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l type -d 'Association type, by its short name or the API\'s; repeats' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l git -d 'Look at the history of the git repository at PATH: every file that any reference reaches'
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l staged -d 'Look at what is staged for the next commit of the git repository at PATH'
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l gitignore -d 'Leave out what .gitignore and its like name'
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l offline -d 'Do not ask a tenant which key a value belongs to'
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l all-types -d 'Ask all five association types'
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand scan" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l out-file -d 'Write the plan into a new private file (0600), for `zpakey apply`: it is refused once the keys have changed, or after 24 h; {profile} stands for the profile' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l exit-code -d 'Exit with 7 if the tenant is not as the file says'
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l force -d 'Replace the file of --out-file where it exists'
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand diff" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l allow -d 'Let a guard through: close=N, rotate=N, in-use, unread, unmanaged; repeats' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l settle -d 'As of `zpakey rotate`' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l parallel -d 'Write up to N keys at the same time, within the rate limit and in no certain order' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l each -d 'In each of the tenants of --profile'
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand apply" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l reject -d 'End the proposal: it cannot be carried out any more'
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -s a -l all -d 'Also those that are no longer open'
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand proposals" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l to -d 'What to write; csv and json are what `list` writes' -r -f -a "terraform\t''
ansible\t''
keys\t''
csv\t''
json\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l from-tfstate -d 'Take the keys that this Terraform state has (version 4; `-` reads standard input), and without --to say whether the tenant\'s keys have the values that are in it; values are compared by their hashes' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l type -d 'Association type, by its short name or the API\'s; repeats' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l group -d 'Only keys of this group, by name or id' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l status -d 'Only keys in this state; repeats' -r -f -a "active\t''
nearly_exhausted\t''
exhausted\t''
disabled\t''
managed\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l name -d 'Only keys whose name matches this pattern of * and ?' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l older-than -d 'Only keys made longer ago than this: 30s, 24h, 90d' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l max-remaining -d 'Only keys with at most this many uses left' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l dir -d 'Write the files `zpa_provisioning_keys.tf`, `zpa_provisioning_key_data.tf` and `zpa_provisioning_key_imports.tf` here' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l out-file -d 'Write one file; `-` is standard output, which is the default' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l labels -d 'Name each key\'s block by its name or its id' -r -f -a "name\t''
id\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l references -d 'Refer to certificates and groups by their ids, by data sources, or to the groups\' resources in --tfstate' -r -f -a "literal\t''
data\t''
resource\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l tfstate -d 'The state that has the groups, for --references resource; `-` reads standard input' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l as -d 'Write resources that Terraform manages, or data sources that it reads' -r -f -a "resource\t''
data\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l ignore -d 'Attributes that are managed beside Terraform, which ignores their changes; separated by commas' -r -f -a "name\t''
enabled\t''
max_usage\t''
enrollment_cert_id\t''
zcomponent_id\t''
ip_acl\t''
ui_config\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l all-types -d 'Ask all five association types'
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l unused -d 'Only keys that nothing ever enrolled with'
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l all-microtenants -d 'Take the keys of all microtenants'
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l force -d 'Replace files that exist'
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l no-protect -d 'Let Terraform delete the keys: leave out `prevent_destroy`'
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l all-roles -d 'Write the predecessors and pending successors of rotations, too'
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand export" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -s h -l help -d 'Print help'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -f -a "login" -d 'Set up a profile: the credential is tried before anything is saved'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -f -a "status" -d 'Show as whom, where each value came from, and whether it can be used; exit 3 where it cannot'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -f -a "logout" -d 'Forget the secret that login kept, and tokens'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and not __fish_seen_subcommand_from login status logout token" -f -a "token" -d 'Print a bearer token, for use with curl'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l keep -d 'Where the secret is kept: keyring (the usual place), file (one that only you can read), nowhere' -r -f -a "keyring\t''
file\t''
nowhere\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from login" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l all -d 'Show every profile, and what is used now first'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from status" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -s h -l help -d 'Print help'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from logout" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l mode -d 'Give the file of --out-file this mode, in octal; only the owner may write it' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l out-file -d 'Write the token into a new private file (0600) instead of showing it' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l force -d 'Replace the file where it exists'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand auth; and __fish_seen_subcommand_from token" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -s h -l help -d 'Print help'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -f -a "list" -d 'List the profiles'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -f -a "ls" -d 'List the profiles'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -f -a "use" -d 'Use a profile wherever none is named'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -f -a "show" -d 'Show a profile, the active one unless another is named; never its secret'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -f -a "remove" -d 'Remove a profile with the secret that login kept for it'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and not __fish_seen_subcommand_from list ls use show remove rm" -f -a "rm" -d 'Remove a profile with the secret that login kept for it'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from ls" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from use" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -s h -l help -d 'Print help'
complete -c zpakey -n "__fish_zpakey_using_subcommand profile; and __fish_seen_subcommand_from rm" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -f -a "serve" -d 'Serve the sandbox tenant on this machine until ended'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -f -a "run" -d 'Run a program against a fresh sandbox, and pass its exit code on'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -f -a "enroll" -d 'Play connectors or service edges that enrol with a key'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -f -a "reset" -d 'Remove the sandbox\'s lasting tenant'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and not __fish_seen_subcommand_from serve run enroll reset path" -f -a "path" -d 'Print where the sandbox\'s lasting tenant is kept'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l port -d 'The port on 127.0.0.1; 0 takes a free one' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l state -d 'Keep the tenant in this file' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l tenants -d 'Serve N tenants in memory, by turns static, autoscaled, image and wrecked; each has a credential of its own' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l keys-each -d 'With --tenants: how many keys each has' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l profiles -d 'With --tenants: write their profiles into this new private file (0600)' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l seed -d 'What a new tenant starts with, as JSON' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l faults -d 'Failures to play, and what someone else does meanwhile, as JSON' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l time-scale -d 'Make the rate limit\'s seconds N times shorter' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l quirk -d 'Choose between behaviours that no source decides; repeats' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l fresh -d 'Serve a tenant in memory that nothing else uses'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l force -d 'Replace the file of --profiles if it exists'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l empty -d 'Start with what the vendor preloads only: no groups'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l enforce-limits -d 'Refuse more than 20 reads and 10 writes in 10 s, as the real API does'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l strict -d 'Answer 404 to reads that the sandbox does not know, instead of an empty page'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l tls -d 'Serve https with a certificate authority made for this run, instead of http'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from serve" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l seed -d 'What a new tenant starts with, as JSON' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l faults -d 'Failures to play, and what someone else does meanwhile, as JSON' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l time-scale -d 'Make the rate limit\'s seconds N times shorter' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l quirk -d 'Choose between behaviours that no source decides; repeats' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l empty -d 'Start with what the vendor preloads only: no groups'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l enforce-limits -d 'Refuse more than 20 reads and 10 writes in 10 s, as the real API does'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l strict -d 'Answer 404 to reads that the sandbox does not know, instead of an empty page'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l tls -d 'Serve https with a certificate authority made for this run, instead of http'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from run" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l type -d 'Association type, by its short name or the API\'s; repeats' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l ip -d 'The address that the connectors come from' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l count -d 'How many enrol; all or none' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l all-types -d 'Ask all five association types'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -s h -l help -d 'Print help'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from enroll" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s h -l help -d 'Print help'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help'
complete -c zpakey -n "__fish_zpakey_using_subcommand sandbox; and __fish_seen_subcommand_from path" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l online -d 'Ask the API, too: names of hosts, TLS, clock, signing in, key types, numbers of keys'
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand doctor" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l since -d 'Only what was done in this time: 30m, 24h, 7d' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l key -d 'Only what was done to this key, by name or id; `id:` and `name:` force one' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -s n -l limit -d 'Only the newest N entries' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand log" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l fail-on -d 'Exit with 7 if there is a finding of this severity or a worse one: critical, high, medium, low, info' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l only -d 'Check this rule only; repeats' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l skip -d 'Leave out this rule; repeats' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l accept -d 'Take findings that someone answers for from this file [default: zpakey-accept.toml, if there is one]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l file -d 'Compare with this file of keys, and take its `policy` and `intent`; `-` reads standard input' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l scan-report -d 'Tell of keys whose values `scan -o json` found; `-` reads standard input' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l max-jump -d 'The most uses since the last audit for which no connector is seen' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l expect-cidr -d 'Expect connectors of every key here as well as in its IP ACL; repeats' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l explain -d 'Print what a rule means, and read nothing' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l type -d 'Association type, by its short name or the API\'s; repeats' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l allow-incomplete -d 'Exit as usual although something could not be read'
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l all-types -d 'Ask all five association types'
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand audit" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l out-file -d 'Replace this file, whose name the collector wants to end in .prom' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l type -d 'Association type, by its short name or the API\'s; repeats' -r -f -a "connector\t''
service-edge\t''
np-assistant\t''
site-controller\t''
exporter\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l openmetrics -d 'Print OpenMetrics 1.0, which Prometheus scrapes; the textfile collector does not read it'
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l all-types -d 'Ask all five association types'
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand metrics" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l allow -d 'Let it do this: create, rotate, update, disable, enable, retire; repeats, or separated by commas' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l groups -d 'Only in groups whose names match this pattern of * and ?; repeats' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l max-uses -d 'The most uses that it may give a key' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l max-writes -d 'The most writes within an hour, such as 20/h [default: 20/h]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l print-config -d 'Print the lines that register the server with this client, and serve nothing' -r -f -a "claude\t''
vscode\t''
cursor\t''
codex\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand mcp" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l file -d 'Print that of the files that `zpakey diff` and `zpakey apply` read, for editors'
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -s h -l help -d 'Print help'
complete -c zpakey -n "__fish_zpakey_using_subcommand schema" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand version" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l static -d 'Print a script that sends no requests and completes no names, as packages install it'
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand completions" -s V -l version -d 'Print version'
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -s o -l output -d 'Form of the answer: a table at a terminal, JSON elsewhere, unless chosen [env: ZPAKEY_OUTPUT]' -r -f -a "auto\t''
table\t''
wide\t''
json\t''
ndjson\t''
yaml\t''
csv\t''
markdown\t''
sarif\t''
junit\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l columns -d 'Show these fields, by their JSON names, in this order [env: ZPAKEY_COLUMNS]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l field -d 'Print one field, bare' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l color -d 'Use colours: auto, always, never [env: ZPAKEY_COLOR]' -r -f -a "auto\t''
always\t''
never\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l profile -d 'Use this profile; commands that read take several: a pattern, the option repeated, or @FILE with a name or pattern on each line [env: ZPAKEY_PROFILE, ZPAKEY_PROFILE_INDEX]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l shard -d 'Use the I-th of N parts of the profiles, from 1 on' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l parallel-tenants -d 'Ask at most so many tenants at a time; by default 16' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l customer-id -d 'Act on this customer [env: ZPAKEY_CUSTOMER_ID, ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l microtenant -d 'Act within this microtenant [env: ZPAKEY_MICROTENANT, ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l client-id -d 'Sign in as this API client [env: ZPAKEY_CLIENT_ID, ZSCALER_CLIENT_ID, ZPA_CLIENT_ID]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l client-secret-file -d 'Read the API client\'s secret from a file, or from standard input with `-`; the secret itself may be in a variable [env: ZPAKEY_CLIENT_SECRET, ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l private-key-file -d 'Sign in with the private key in this file, PEM; the key itself or the path may be in a variable [env: ZPAKEY_PRIVATE_KEY, ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l vanity-domain -d 'The "acme" in acme.zslogin.net [env: ZPAKEY_VANITY_DOMAIN, ZSCALER_VANITY_DOMAIN]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l cloud -d 'The Zscaler cloud [env: ZPAKEY_CLOUD, ZSCALER_CLOUD, ZPA_CLOUD]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l auth -d 'The way to sign in [env: ZPAKEY_AUTH, ZSCALER_USE_LEGACY_CLIENT]' -r -f -a "oneapi\t''
legacy\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l timeout -d 'Limit one request to this time; by default 30s [env: ZPAKEY_TIMEOUT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l max-wait -d 'Limit the waits that the server forces, for each request; by default 2m [env: ZPAKEY_MAX_WAIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l deadline -d 'Limit the whole command to this time [env: ZPAKEY_DEADLINE]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l cacert -d 'Trust this CA in addition to the platform\'s [env: ZPAKEY_CACERT]' -r -F
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l proxy -d 'Use this proxy, or none; NO_PROXY lists hosts that need none [env: ZPAKEY_PROXY, HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l token-cache -d 'Keep tokens between runs: auto (a private file, but not in CI), file, keyring, off [env: ZPAKEY_TOKEN_CACHE]' -r -f -a "auto\t''
file\t''
keyring\t''
off\t''"
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l rate-limit -d 'Send at most so many requests: READS/WRITES/SECONDS, or off [env: ZPAKEY_RATE_LIMIT]' -r
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -s q -l quiet -d 'Print ids only, one a line, and no messages but warnings'
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l no-header -d 'Leave the header of tables and CSV out'
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l sandbox -d 'Use the embedded sandbox tenant; nothing real is touched [env: ZPAKEY_SANDBOX]'
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -s y -l yes -d 'Answer every question with yes'
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -l no-input -d 'Never ask; what would have been asked is an error [env: ZPAKEY_NO_INPUT]'
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -s v -l verbose -d 'Say each request: method, path, status, time; no bodies, no headers'
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c zpakey -n "__fish_zpakey_using_subcommand help" -s V -l version -d 'Print version'
