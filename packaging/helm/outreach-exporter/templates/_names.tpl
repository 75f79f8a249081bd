{{- define "labels" -}}
{ app.kubernetes.io/name: outreach-exporter, app.kubernetes.io/instance: {{ .Release.Name }} }
{{- end }}

{{- /* By which an operator may select its objects; those that name this release stay. */ -}}
{{- define "monitoring-labels" -}}
{{ merge (include "labels" . | fromYaml) .Values.monitoring.labels | toJson }}
{{- end }}

{{- define "claim" -}}
accessModes: [ReadWriteOnce]
{{- with .Values.storage.className }}
storageClassName: {{ . }}
{{- end }}
resources:
  requests: { storage: {{ .Values.storage.size }} }
{{- end }}
