{{- define "raybridge.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "raybridge.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains (include "raybridge.name" .) .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "raybridge.name" .) | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "raybridge.selectorLabels" -}}
app.kubernetes.io/name: {{ include "raybridge.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "raybridge.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "raybridge.selectorLabels" . }}
app.kubernetes.io/component: {{ eq .Values.mode "daemonset" | ternary "agent" "gateway" }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "raybridge.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "raybridge.fullname" .) .Values.serviceAccount.name }}
{{- else -}}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "raybridge.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end }}
{{- end }}

{{/* What the data directory is: none, pvc, hostPath or emptyDir; none has no queue on it. */}}
{{- define "raybridge.queueVolume" -}}
{{- $volume := .Values.queue.volume -}}
{{- if eq $volume "auto" -}}
{{- $volume = eq .Values.mode "statefulset" | ternary "pvc" "none" -}}
{{- end -}}
{{- if and (eq $volume "pvc") (ne .Values.mode "statefulset") -}}
{{- fail (printf "queue.volume: pvc needs mode: statefulset (mode is %s; expected: hostPath, emptyDir or none)" .Values.mode) -}}
{{- end -}}
{{- $volume -}}
{{- end }}

{{/* The configuration from the values, and what a queue on disk adds to it. */}}
{{- define "raybridge.config" -}}
{{- $config := deepCopy .Values.config -}}
{{- if ne (include "raybridge.queueVolume" .) "none" -}}
{{- $storage := dict "directory" "/var/lib/raybridge/queue" "create_directory" true "max_size" (.Values.queue.maxBytes | int64) -}}
{{- $extensions := mergeOverwrite (dict "file_storage" $storage) (default dict $config.extensions) -}}
{{- $_ := set $config "extensions" $extensions -}}
{{- $running := default list $config.service.extensions -}}
{{- if not (has "file_storage" $running) -}}
{{- $_ := set $config.service "extensions" (append $running "file_storage") -}}
{{- end -}}
{{- range .Values.queue.exporters -}}
{{- if not (hasKey $config.exporters .) -}}
{{- fail (printf "queue.exporters: %q is no exporter of config.exporters (expected one of: %s)" . (keys $config.exporters | sortAlpha | join ", ")) -}}
{{- end -}}
{{- $kept := dict "sending_queue" (dict "storage" "file_storage") "retry_on_failure" (dict "max_elapsed_time" "0s") -}}
{{- $exporter := mergeOverwrite $kept (default dict (index $config.exporters .)) -}}
{{- $_ := set $config.exporters . $exporter -}}
{{- end -}}
{{- end -}}
{{- toYaml $config -}}
{{- end }}

{{- define "raybridge.configMapName" -}}
{{- default (include "raybridge.fullname" .) .Values.existingConfigMap }}
{{- end }}
