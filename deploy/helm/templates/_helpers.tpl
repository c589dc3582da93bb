{{- define "bihuan.fullname" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "bihuan.image" -}}
{{- if .Values.image.digest }}{{ .Values.image.repository }}@{{ .Values.image.digest }}{{ else }}{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{/* (list $ name): the labels by which a part is selected */}}
{{- define "bihuan.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ index . 1 }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
{{- end }}

{{- define "bihuan.labels" -}}
{{- $root := index . 0 -}}
{{ include "bihuan.selector" . }}
app.kubernetes.io/part-of: bihuan
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | quote }}
{{- end }}

{{/* Settings that all parts have */}}
{{- define "bihuan.env" -}}
{{- $s := .Values.settings -}}
- {name: BIHUAN_ENV, value: {{ $s.env | quote }}}
- {name: BIHUAN_ISSUER, value: {{ required "settings.issuer is required: the issuer of the access tokens" $s.issuer | quote }}}
- {name: BIHUAN_JWKS, value: {{ required "settings.jwks is required: where the identity provider shows its keys" $s.jwks | quote }}}
- {name: BIHUAN_AUDIENCE, value: {{ $s.audience | quote }}}
- {name: BIHUAN_API_KEYS_JWKS, value: "http://{{ include "bihuan.fullname" . }}-notify:8000/oauth2/jwks"}
- {name: BIHUAN_ROLES_CLAIM, value: {{ $s.rolesClaim | quote }}}
- {name: BIHUAN_COMPANY_CLAIM, value: {{ $s.companyClaim | quote }}}
- {name: BIHUAN_PUBLIC_URL, value: {{ required "settings.publicUrl is required: where people reach the gateway" $s.publicUrl | quote }}}
- {name: BIHUAN_SIGN_IN_URL, value: {{ $s.signInUrl | quote }}}
- {name: BIHUAN_SIGN_IN_TOKEN_URL, value: {{ $s.signInTokenUrl | quote }}}
- {name: BIHUAN_NATS_REPLICAS, value: {{ $s.natsReplicas | quote }}}
- {name: BIHUAN_REQUIRE_TLS, value: {{ .Values.tls.required | quote }}}
- {name: BIHUAN_TRACE_RATIO, value: {{ $s.traceRatio | quote }}}
- {name: BIHUAN_OTLP_URL, value: {{ ternary (printf "http://%s:4318" $s.otlpHost) "" (ne $s.otlpHost "") | quote }}}
- {name: BIHUAN_LOG_LEVEL, value: {{ $s.logLevel | quote }}}
{{- end }}

{{/* (list $ name folder): and what a service has besides; the folder has its nats_url */}}
{{- define "bihuan.serviceEnv" -}}
{{- $root := index . 0 -}}{{- $name := index . 1 -}}
- {name: SERVICE, value: {{ $name }}}
{{ include "bihuan.env" $root }}
- {name: BIHUAN_MONGO_URL_FILE, value: /secrets/mongo_url}
- {name: BIHUAN_NATS_URL_FILE, value: {{ index . 2 }}/nats_url}
{{- if has $name (list "intake" "notify") }}
- {name: BIHUAN_LINK_SECRET_FILE, value: /secrets/link_secret}
{{- end }}
- {name: BIHUAN_SEARCH_FOLDER, value: /data/search}
{{- range $key, $value := (index $root.Values.services $name).env }}
- {name: {{ $key }}, value: {{ $value | quote }}}
{{- end }}
{{- end }}

{{/* Who signed the certificates of NATS and MongoDB, by one name whatever the Secret calls it */}}
{{- define "bihuan.authorityMount" -}}
{{- if .Values.tls.authority.secret }}
- {name: authority, mountPath: /tls, readOnly: true}
{{- end }}
{{- end }}

{{- define "bihuan.authorityVolume" -}}
{{- with .Values.tls.authority }}{{ if .secret }}
- {name: authority, secret: {secretName: {{ .secret }}, defaultMode: 0444, items: [{key: {{ .key }}, path: ca.crt}]}}
{{- end }}{{ end }}
{{- end }}

{{- define "bihuan.podSecurity" -}}
{runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001, seccompProfile: {type: RuntimeDefault}}
{{- end }}

{{- define "bihuan.containerSecurity" -}}
{allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
{{- end }}
