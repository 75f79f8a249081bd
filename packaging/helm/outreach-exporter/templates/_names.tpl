{{- define "labels" -}}
{ app.kubernetes.io/name: outreach-exporter, app.kubernetes.io/instance: {{ .Release.Name }} }
{{- end }}

{{- define "claim" -}}
accessModes: [ReadWriteOnce]
{{- with .Values.storage.className }}
storageClassName: {{ . }}
{{- end }}
resources:
  requests: { storage: {{ .Values.storage.size }} }
{{- end }}
